// Gives a token a last day, unless it has an earlier one. How it logs in stays as it is.
import java.time.LocalDate
import jenkins.security.ApiTokenProperty

def user = userOf(input.user)
def token = user?.getProperty(ApiTokenProperty)?.tokenStore?.tokenListSortedByName?.find { it.uuid == input.uuid }
if (token == null) return null
def last = LocalDate.parse(input.lastDay)
synchronized (user) {
    if (token.expirationDate != null && !token.expirationDate.isAfter(last)) return null
    token.@expirationDate = last
    user.save()
}
null
