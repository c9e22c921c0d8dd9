// Answers what a change of the realm depends on, and changes nothing. With no seconds to spend on it, Configuration as
// Code is not asked.
import java.util.concurrent.Callable
import java.util.concurrent.FutureTask
import java.util.concurrent.TimeUnit
import jenkins.model.Jenkins

def controller = Jenkins.getInstance()
def me = modern ? Jenkins.getAuthentication2() : Jenkins.getAuthentication()

// Configuration as Code owns the realm if what it read last, or reads next, names one. None of this loads anything into
// Jenkins. Its configurators cannot be called directly from Groovy 2.4, hence the reflection.
def ownedByCode = { ->
    def plugin = controller.pluginManager.getPlugin('configuration-as-code')
    if (plugin == null || !plugin.active) return false
    def casc = { plugin.classLoader.loadClass('io.jenkins.plugins.casc.' + it) }
    def instance = casc('ConfigurationAsCode').get()
    [instance.getStandardConfig(), instance.getSources()].any { names ->
        if (!names) return false
        def got = instance.getConfigFromSources(names)
        try {
            def registry = casc('ConfiguratorRegistry').getMethod('get').invoke(null)
            def context = casc('ConfigurationContext').newInstance(registry)
            casc('yaml.YamlUtils').loadFrom(got instanceof List ? got : got.sources, context).any {
                it.key.equalsIgnoreCase('jenkins') && it.value?.asMapping()?.any { key, value ->
                    key.equalsIgnoreCase('securityRealm') && value != null
                }
            }
        } finally {
            if (got instanceof AutoCloseable) got.close()
        }
    }
}
// It may read addresses without a deadline of its own. Whatever it does not tell in time counts as its own.
def ownership = { ->
    def owner = new FutureTask({ -> ownedByCode() } as Callable)
    def reader = new Thread(owner, 'pulumi-jenkins-auth')
    reader.daemon = true
    reader.start()
    try {
        owner.get(input.seconds, TimeUnit.SECONDS) ? 'owned' : 'free'
    } catch (Throwable failure) {
        'unreadable'
    }
}

def plugin = input.plugin == null ? null : controller.pluginManager.plugins.find { it.shortName in input.plugin }
def takes = null
def failure = null
if (input.plugin == null || plugin?.active) {
    try {
        takes = input.classes.collectEntries { [it, propertiesOf(controller.pluginManager.uberClassLoader.loadClass(it))] }
    } catch (Throwable thrown) {
        failure = thrown.class.name + ': ' + thrown.message
    }
}
[
    core: Jenkins.VERSION, user: me.name, administersById: administersById(me.name), tellsRights: modern,
    configurationAsCode: input.seconds > 0 ? ownership() : null,
    plugin: plugin == null ? null : [name: plugin.shortName, version: plugin.version, active: plugin.active],
    takes: takes, failure: failure,
]
