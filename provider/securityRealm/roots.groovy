// Answers of each directory which entries are at its root. OpenLDAP and others tell that to those alone who ask for it by
// name, which the plugins do not. Active Directory has several, and says which of them is meant.
import java.util.concurrent.TimeoutException

def rootsOf = { directory ->
    def context = openDirectory(directory, input.seconds)
    try {
        def told = context.getAttributes('', ['defaultNamingContext', 'namingContexts'] as String[])
        def roots = told.get('defaultNamingContext') ?: told.get('namingContexts')
        [roots: roots == null ? [] : roots.all.collect { it as String }.findAll { it }]
    } finally {
        context.close()
    }
}
input.directories.collect { directory ->
    try {
        beside(input.seconds) { rootsOf(directory) }
    } catch (TimeoutException silent) {
        [silent: true]
    } catch (Exception failure) {
        [failure: saidBy(failure)]
    }
}
