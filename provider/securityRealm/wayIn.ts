/** Where a controller keeps its realm. */
export interface Place {
  readonly file: string;
  readonly host: string;
  /** The lines of the file that name the realm; 0 if none do. */
  readonly first: number;
  readonly last: number;
}

const places = new Map<string, Place>();

/** Keeps what was learnt of a controller's file, for the errors that may come after. */
export function rememberPlace(url: string, place: Place): void {
  places.set(url, place);
}

/**
 * The way in by hand, for an administrator whom nothing lets in any more: at the end of every error of a realm, because there
 * it is needed at night, by an administrator who does not know where to look.
 */
export function wayIn(url: string): string {
  const place = places.get(url);
  const host = place?.host ? `${place.host} (${url})` : `the host of ${url}`;
  const file = place?.file ?? "$JENKINS_HOME/config.xml";
  const lines = place?.first ? ` (lines ${place.first} to ${place.last})` : "";
  return `The way in by hand, if ever no administrator gets in: on ${host}, stop Jenkins; in ${file}, replace <securityRealm …> to </securityRealm>${lines} by
  <securityRealm class="hudson.security.HudsonPrivateSecurityRealm"><disableSignup>true</disableSignup><enableCaptcha>false</enableCaptcha></securityRealm>
and start Jenkins: a user who had a password in its own database gets in with it. See docs/realms/recovering-by-hand.md.`;
}
