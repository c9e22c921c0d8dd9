// Puts the old realm back now, instead of when the timer would. Answers how the change stands: it may have been kept.
input.madeUp.each { id -> hudson.model.User.getById(id, false)?.delete() }
def trial = context.getAttribute(attribute)
if (trial?.id != input.id) return [state: 'forgotten']
trial.putBack.run()
trial.task.cancel(false)
[state: trial.state]
