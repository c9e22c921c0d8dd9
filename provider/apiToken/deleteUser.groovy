// Takes back a user who was made a moment ago.

userOf(input.user)?.delete()
null
