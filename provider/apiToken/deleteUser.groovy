// Takes back a user who was made a moment ago.
import hudson.model.User

User.getById(input.user, false)?.delete()
null
