// Finds users without touching anything but their own folders. Cores before 2.150 name a folder after the id: up to 2.73.2
// by the very id, and up to 2.121.1 they move what such a core would have kept there, even when a user is merely looked up.
import hudson.model.User
import jenkins.model.Jenkins

def usersFolder = new File(Jenkins.getInstance().rootDir, 'users').canonicalFile
def isOwnFolder = { String name ->
    def folder = new File(usersFolder, name).canonicalFile
    folder.parentFile == usersFolder && folder.name.equalsIgnoreCase(name)
}
// Returns why this core cannot hold a user of that id, or null. Cores that do not name folders after ids hold any.
def unholdable = { String id, strategy = User.idStrategy() ->
    def nameBy = { String rule -> strategy.class.methods.any { it.name == rule } ? strategy."$rule"(id) : null }
    def folder = nameBy('filenameOf')
    def older = nameBy('legacyFilenameOf')
    if (folder != null && !isOwnFolder(folder)) return 'its folder would be ' + new File(usersFolder, folder).canonicalPath
    if (folder != null && folder.getBytes('UTF-8').length > 255) return 'the name of its folder would be longer than 255 bytes'
    def file = older == null ? null : new File(usersFolder, older + '/config.xml')
    file?.exists() && !isOwnFolder(older) ? 'it would take over ' + file.canonicalPath : null
}
def refuseUnholdable = { String id, strategy = User.idStrategy() ->
    def why = unholdable(id, strategy)
    if (why != null) throw new IllegalArgumentException("this core cannot hold a user \"$id\": $why. Nothing was touched.")
}
def userOf = { String id ->
    refuseUnholdable(id)
    User.getById(id, false)
}
