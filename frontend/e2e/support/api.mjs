/** Calls the API as a client with a token, to arrange what the browser then shows. */
export class Client {
  constructor(url) {
    this.url = `${url}/api`;
  }

  async call(method, path, body) {
    const headers = { 'Content-Type': 'application/json', ...(this.jwt ? { Authorization: `Bearer ${this.jwt}` } : {}) };
    const response = await fetch(this.url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) throw Object.assign(new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`), { status: response.status, answer });
    return answer;
  }

  get(path) {
    return this.call('GET', path);
  }

  post(path, body = {}) {
    return this.call('POST', path, body);
  }

  put(path, body) {
    return this.call('PUT', path, body);
  }

  async signUp(user) {
    await this.post('/user/create', user);
    return this.logIn(user);
  }

  async logIn({ email, password }) {
    this.jwt = (await this.post('/login', { email, password })).jwt;
    return this;
  }

  async create(job) {
    return (await this.post('/job/create', job)).job;
  }

  async statusOf(id) {
    return (await this.get(`/job/${id}`)).job.status;
  }
}
