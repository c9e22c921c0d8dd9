package jenkins.security;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/** What the realm said of users when looking for one by name, for two minutes. */
public final class UserDetailsCache {
    private static final long LIFETIME = TimeUnit.MINUTES.toNanos(2);
    private static final UserDetailsCache INSTANCE = new UserDetailsCache();

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    /** @param details null if the realm knows nobody of the name */
    private record Answer(UserDetails details, long time) {}

    private UserDetailsCache() {}

    public static UserDetailsCache get() {
        return INSTANCE;
    }

    public UserDetails loadUserByUsername(String name) throws UsernameNotFoundException {
        Answer answer = answers.get(name);
        if (answer == null || System.nanoTime() - answer.time > LIFETIME) {
            answer = new Answer(ask(name), System.nanoTime());
            answers.put(name, answer);
        }
        if (answer.details == null) {
            throw new UsernameNotFoundException("\"" + name + "\" does not exist");
        }
        return answer.details;
    }

    private static UserDetails ask(String name) {
        try {
            return Jenkins.get().getSecurityRealm().loadUserByUsername2(name);
        } catch (UsernameNotFoundException e) {
            return null;
        }
    }

    public void invalidate(String name) {
        answers.remove(name);
    }

    public void invalidateAll() {
        answers.clear();
    }
}
