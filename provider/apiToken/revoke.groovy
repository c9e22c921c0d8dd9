// Revokes tokens by their uuids. One that is gone already is fine. Answers those that were there.
def own = hudson.model.User.getById(input.user, false)?.getProperty(jenkins.security.ApiTokenProperty)
input.uuids.findAll { uuid -> own?.revokeToken(uuid) != null }
