package hudson.tasks;

/** The mail plugin, as far as realms need it: for users' addresses. */
public class Mailer {

    public static class UserProperty extends hudson.model.UserProperty {
        private final String emailAddress;

        public UserProperty(String emailAddress) {
            this.emailAddress = emailAddress;
        }

        public String getAddress() {
            return emailAddress;
        }

        public String getConfiguredAddress() {
            return emailAddress;
        }

        public boolean hasExplicitlyConfiguredAddress() {
            return emailAddress != null && !emailAddress.isBlank();
        }
    }
}
