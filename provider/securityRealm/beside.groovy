// Runs work in a thread of its own, with a deadline: a directory, a site or a URL can be silent for as long as it likes.
// What the work throws is the cause of the exception. What was parsed from JSON puts itself in order at the first look at
// it, which must not be two threads' at once: so look at it before.
import java.util.concurrent.Callable
import java.util.concurrent.FutureTask
import java.util.concurrent.TimeUnit

def beside = { int seconds, Closure work ->
    def task = new FutureTask(work as Callable)
    def thread = new Thread(task, 'pulumi-jenkins-auth')
    thread.daemon = true
    thread.start()
    task.get(seconds, TimeUnit.SECONDS)
}
// What a failure says, without secrets. The innermost cause says most. A connection that fails meanwhile in another thread
// can change what it answers.
def saidBy = { Throwable failure ->
    def innermost = failure
    for (def cause = failure.cause; cause != null && cause != innermost; cause = cause.cause) innermost = cause
    def text = innermost.class.simpleName + (innermost.message ? ': ' + innermost.message.readLines().first().take(300) : '')
    secret.values().findAll { it instanceof String && it }.inject(text) { kept, hidden -> kept.replace(hidden, '[secret]') }
}
