package jenkins.security.apitoken;

import hudson.XmlFile;
import hudson.model.User;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import pulumi.jenkinsauth.testcontroller.versions.Since;

/** How often and when a user's tokens were used last, in a file beside that of the user. */
@Since("2.129")
public class ApiTokenStats {
    private static final Logger LOGGER = Logger.getLogger(ApiTokenStats.class.getName());

    private List<SingleTokenStats> tokenStats = new ArrayList<>();
    private transient User user;

    public static ApiTokenStats load(User user) {
        ApiTokenStats stats = new ApiTokenStats();
        stats.user = user;
        XmlFile file = stats.file();
        if (file != null && file.exists()) {
            try {
                file.unmarshal(stats);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "Failed to load " + file, e);
            }
        }
        return stats;
    }

    public synchronized SingleTokenStats updateUsageForId(String uuid) {
        SingleTokenStats stats = findTokenStatsById(uuid);
        if (ApiTokenPropertyConfiguration.get().isUsageStatisticsEnabled()) {
            if (!tokenStats.contains(stats)) {
                tokenStats.add(stats);
            }
            stats.notifyUse();
            save();
        }
        return stats;
    }

    public synchronized SingleTokenStats findTokenStatsById(String uuid) {
        return tokenStats.stream()
                .filter(stats -> stats.tokenUuid.equals(uuid))
                .findFirst()
                .orElseGet(() -> new SingleTokenStats(uuid));
    }

    public void removeId(String uuid) {
        remove(stats -> stats.tokenUuid.equals(uuid));
    }

    public void removeAll() {
        remove(stats -> true);
    }

    public void removeAllExcept(String uuid) {
        remove(stats -> !stats.tokenUuid.equals(uuid));
    }

    private synchronized void remove(Predicate<SingleTokenStats> condition) {
        if (tokenStats.removeIf(condition)) {
            save();
        }
    }

    private void save() {
        XmlFile file = file();
        if (file != null) {
            try {
                file.write(this);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "Failed to save " + file, e);
            }
        }
    }

    private XmlFile file() {
        File folder = user.getUserFolder();
        return folder == null ? null : new XmlFile(new File(folder, "apiTokenStats.xml"));
    }

    @Since("2.129")
    public static class SingleTokenStats {
        private final String tokenUuid;
        private Date lastUseDate;
        private Integer useCounter;

        private SingleTokenStats(String tokenUuid) {
            this.tokenUuid = tokenUuid;
        }

        private void notifyUse() {
            useCounter = getUseCounter() + 1;
            lastUseDate = new Date();
        }

        public String getTokenUuid() {
            return tokenUuid;
        }

        public int getUseCounter() {
            return useCounter == null ? 0 : useCounter;
        }

        public Date getLastUseDate() {
            return lastUseDate;
        }
    }
}
