// Takes back a user who was made a moment ago.
hudson.model.User.getById(input.user, false)?.delete()
null
