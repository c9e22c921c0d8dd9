// Answers the first directory to which one refers when it is searched for a user, and follows nothing.
import javax.naming.ReferralException
import javax.naming.directory.SearchControls

def referralOf = { directory ->
    def context = openDirectory(directory, input.seconds)
    try {
        def base = [directory.base, directory.rootDN].findAll { it }.join(',')
        def controls = new SearchControls(searchScope: SearchControls.SUBTREE_SCOPE, returningAttributes: ['1.1'] as String[])
        def found = context.search(base, directory.search, [input.user] as Object[], controls)
        while (found.hasMore()) found.next()
        null
    } catch (ReferralException referral) {
        referral.referralInfo as String
    } finally {
        context.close()
    }
}
try {
    [referral: beside(input.seconds) {
        input.directories.findResult { directory ->
            try {
                referralOf(directory)
            } catch (Exception silentOrDown) {
                null
            }
        }
    }]
} catch (Exception late) {
    [referral: null]
}
