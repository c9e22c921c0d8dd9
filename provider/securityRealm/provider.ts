import { storedProvider } from "../storedProvider";

/** What the engine keeps of this kind of resource. */
export const provider = storedProvider("securityRealm");
