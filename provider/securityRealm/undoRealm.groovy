// Puts the old realm back now, instead of when the timer would. Answers how the change stands: it may have been kept.

input.madeUp.each { id -> userOf(id)?.delete() }
synchronized (context) {
    def trial = context.getAttribute(attribute)
    if (trial?.id != input.id) {
        // The request that was to try it may be held up on its way: should it still come, it changes nothing.
        context.setAttribute(attribute + '.undone.' + input.id, true)
        return [state: 'forgotten']
    }
    trial.putBack.run()
    trial.task.cancel(false)
    [state: trial.state]
}
