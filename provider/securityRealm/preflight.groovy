// Answers what a change of the realm depends on, and changes nothing. With no seconds to spend on it, Configuration as
// Code is not asked.
import java.util.concurrent.TimeoutException
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
// What the plugin says of YAML that it cannot read, and where. Of the lines that it quotes nothing is told: a password can
// be in them.
def saidOfYaml = { Throwable failure ->
    def marked = failure
    while (marked != null && !marked.metaClass.respondsTo(marked, 'getProblemMark')) marked = marked.cause
    def mark = marked?.problemMark
    mark == null ? saidBy(failure) : "${mark.name}, line ${mark.line + 1}, column ${mark.column + 1}: ${marked.problem}".toString()
}
// It may read addresses without a deadline of its own. Whatever it does not tell counts as its own.
def ownership = { ->
    try {
        [kind: beside(input.seconds, ownedByCode) ? 'owned' : 'free']
    } catch (TimeoutException late) {
        [kind: 'silent']
    } catch (Throwable failure) {
        [kind: 'broken', text: saidOfYaml(failure)]
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
    core: Jenkins.VERSION, user: me.name, administersBy: administersBy(me.name),
    configurationAsCode: input.seconds > 0 ? ownership() : null,
    plugin: plugin == null ? null : [name: plugin.shortName, version: plugin.version, active: plugin.active],
    takes: takes, failure: failure,
]
