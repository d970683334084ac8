export { authorization, claims, identity, Tokens };

function authorization(token) {
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** Claims of a token; none if it is no JWT. */
function claims(token) {
  try {
    const part = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), byte => byte.charCodeAt(0))));
  } catch {
    return {};
  }
}

/** Text that is equal for tokens of the same subject with the same rights: the claims without times. */
function identity(token) {
  const { exp, iat, nbf, jti, ...rest } = claims(token);
  return Object.keys(rest).length > 0 ? JSON.stringify(Object.entries(rest).sort()) : (token ?? '');
}

/** Token of a page. All requests share it. */
class Tokens {
  #request;
  #current;

  constructor(request) {
    this.#request = request;
  }

  get renewable() {
    return Boolean(this.#request);
  }

  get() {
    return (this.#current ??= this.#fetch(false));
  }

  /** A token that is valid longer than `used`. */
  async renew(used) {
    const before = this.#current;
    const token = await before?.catch(() => used);
    if (before === this.#current && (!before || token === used || claims(token).exp <= claims(used).exp)) {
      this.#current = this.#fetch(true);
    }
    return this.get();
  }

  #fetch(renew) {
    const token = (async () => (await this.#request?.({ renew })) || undefined)();
    // A failure is not kept.
    token.catch(() => this.#current === token && (this.#current = undefined));
    return token;
  }
}
