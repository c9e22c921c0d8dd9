/** The value of an `Authorization` or `Proxy-Authorization` header that shows a user's password or token. */
export function basicAuthorization(user: string | undefined, secret: string | undefined): string {
  return `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
}

/** An address and a port as URLs and configurations write them: IPv6 in brackets. */
export function addressWithPort(address: string, port: number): string {
  return `${inBrackets(address)}:${port}`;
}

/** An address as URLs and configurations write it: IPv6 in brackets. */
export function inBrackets(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
