// The one store of the page: what Rust said last, where one is, and what is under way. Parts read it and call its verbs.
import type { Audit, MailFlow, ProjectCard, RoadmapCard, RunEvent, Stage, Startup, VaultStatus, View } from './bindings';
import * as ipc from './ipc';
import { trouble, type Trouble } from './ipc';
import { presenter } from './presenter.svelte';
import { read, write, type Page, type Place } from './place';
import { launchWord } from './words';

/** A run under way, as far as this window heard of it. */
export interface Run {
  what: string;
  done: number;
  total: number;
  /** Local clock at the start, milliseconds. */
  began: number;
  stopping: boolean;
  /** Whether it measures instead of auditing. */
  measures: boolean;
  /** What is said when it is over, where that is no audit. */
  over?: string | undefined;
  /** What was judged before it; a ranking that somebody reads is renewed at the end only. */
  before?: Audit | null;
}

/** What somebody is about to accept for a time. */
export interface Accepting {
  of: string;
  subject: string | null;
  says: string;
}

/** The dialog that is open. */
export type Dialog =
  | { kind: 'search' | 'new' | 'settings' | 'shortcuts' | 'session' | 'cloudflare' | 'places' | 'roadmap' | 'closing' | 'mail' | 'import' | 'notes' | 'look' | 'own' }
  | { kind: 'consent'; host: string }
  | { kind: 'accept'; accepting: Accepting }
  | { kind: 'preview'; report: string; title: string }
  | { kind: 'rename' | 'delete' | 'export'; card: ProjectCard };

class Desk {
  ready = $state(false);
  place = $state.raw<Place>(read(location.hash));
  /** Every project; what is shown are the cards. */
  private all = $state.raw<ProjectCard[]>([]);
  readonly cards = $derived(this.all.filter((card) => presenter.shows(card)));
  roadmaps = $state.raw<RoadmapCard[]>([]);
  /** The open project as Rust sent it; what is shown is the view. */
  private sent = $state.raw<View | null>(null);
  readonly view = $derived(this.sent === null ? null : presenter.view(this.sent));
  runs = $state.raw<Record<string, Run>>({});
  failures = $state.raw<Record<string, Trouble>>({});
  error = $state.raw<Trouble | null>(null);
  vault = $state.raw<VaultStatus | null>(null);
  dialog = $state.raw<Dialog | null>(null);
  says = $state('');
  /** A ranking that somebody read while a run renewed it, and the audit that it makes way for. */
  private held = $state.raw<{ shown: Audit; newest: Audit } | null>(null);
  /** Counts what changed under forms that are open: they are drawn anew. */
  turn = $state(0);
  /** Counts what was done in forms, which may have changed what can be undone. */
  deeds = $state(0);
  /** The name that this person comments by, until the window is closed. */
  me = $state('');
  started = $state.raw<Startup>({ demo: false, version: '', anew: false, forms: [], asking: {} });

  /** The run of the open project, if there is one. */
  readonly run = $derived(this.view === null ? undefined : this.runs[this.view.project.id]);
  readonly running = $derived(this.run !== undefined || this.view?.running === true);
  /** Whether the ranking is still the one of before the newest run. */
  readonly outdated = $derived(this.held !== null && this.held.newest === this.sent?.audit);
  /** What a ranking is drawn from. Nothing in it changes its place while results stream, nor when all of them are there, until somebody asks for the new
   * one, goes elsewhere or changes something. */
  readonly ranked = $derived.by(() => {
    const shown = this.run?.before ?? (this.outdated ? this.held?.shown : this.sent?.audit) ?? null;
    return this.sent === null ? null : presenter.view({ ...this.sent, audit: shown }).audit;
  });
  readonly failure = $derived(this.view === null ? undefined : this.failures[this.view.project.id]);
  readonly roadmap = $derived(this.roadmaps.find((one) => one.id === this.view?.project.roadmap));

  async begin(): Promise<void> {
    window.addEventListener('hashchange', () => void this.arrive());
    void this.askVault();
    void this.try(() => ipc.closingAsks(() => { this.askToClose(); }));
    await this.try(async () => {
      await presenter.begin();
      const [started, roadmaps, cards] = await Promise.all([ipc.startup(), ipc.roadmapList(), ipc.projectList()]);
      [this.started, this.roadmaps, this.all] = [started, roadmaps, cards];
      if (started.demo && !started.anew) await this.openDemo();
      else await this.restore();
    });
    this.ready = true;
  }

  /** Goes on where the last session stopped, if that project is still there. */
  private async restore(): Promise<void> {
    const last = location.hash.length > 2 ? location.hash : ((await ipc.preferenceGet('last_place')) ?? '#/');
    const place = read(last);
    const there = place.screen === 'home' || this.cards.some((card) => card.id === place.id);
    this.go(there ? place : { screen: 'home' }, true);
    await this.arrive();
  }

  go(place: Place, instead = false): void {
    const hash = write(place);
    if (hash === location.hash) return;
    if (instead) history.replaceState(null, '', hash);
    else location.hash = hash;
    this.place = place;
  }

  /** The same project, another page; a stage keeps its drawer shut. */
  page(page: Page, stage = 1, item: string | null = null): void {
    if (this.place.screen === 'project') this.go({ screen: 'project', id: this.place.id, page, stage, item });
  }

  private async arrive(): Promise<void> {
    this.place = read(location.hash);
    this.error = null;
    this.held = null;
    void ipc.preferenceSet('last_place', location.hash).catch(() => undefined);
    if (this.place.screen === 'home') {
      this.sent = null;
      await this.try(async () => { this.all = await ipc.projectList(); });
    } else if (this.view?.project.id !== this.place.id) {
      await this.open(this.place.id);
    }
  }

  async open(id: string): Promise<void> {
    this.sent = null;
    // Going back in the history must not show what is hidden.
    if (presenter.on && !this.cards.some((card) => card.id === id)) {
      this.go({ screen: 'home' });
      return;
    }
    const opened = await this.try(() => ipc.projectOpen(id));
    const place = this.place;
    if (opened === undefined) this.go({ screen: 'home' });
    else if (place.screen === 'project' && place.id === id) this.sent = opened;
    if (opened?.running === true && this.runs[id] === undefined) this.watch(id);
  }

  /** A run whose channel went with an earlier page: ask now and then until it is over. */
  private watch(id: string): void {
    setTimeout(() => void (async () => {
      if (this.view?.project.id !== id || this.runs[id] !== undefined) return;
      const now = await this.try(() => ipc.projectOpen(id));
      if (now !== undefined) this.sent = now;
      if (now?.running === true) this.watch(id);
    })(), 1500);
  }

  async openDemo(): Promise<void> {
    const view = await this.try(() => ipc.demoOpen());
    if (view !== undefined) this.enter(view);
  }

  /** Shows a project that a command just handed back. */
  enter(view: View): void {
    this.sent = view;
    this.go({ screen: 'project', id: view.project.id, page: 'stage', stage: 1, item: null });
  }

  /** Takes in a newer view of a project. */
  take(view: View): void {
    if (this.view?.project.id === view.project.id) this.sent = view;
    this.all = this.all.map((card) => (card.id === view.project.id ? view.project : card));
  }

  /** Begins or ends presenter mode; forms are drawn anew with what they may show. */
  async present(): Promise<void> {
    this.dialog = null;
    await presenter.set(!presenter.on, this.view?.project.client ?? '');
    this.says = presenter.on ? 'Presenter mode is on' : 'Presenter mode is off';
    // What was changed meanwhile went out without its paths.
    if (!presenter.on && this.sent !== null) await this.open(this.sent.project.id);
    this.turn += 1;
  }

  async refresh(): Promise<void> {
    await this.try(async () => { this.all = await ipc.projectList(); });
  }

  startRun(check?: string): void {
    this.begins(check === undefined ? 'Audit started' : 'Checking again', (id, on) => (check === undefined ? ipc.runStart(id, on) : ipc.checkAgain(id, check, on)));
  }

  /** Looks again at everything that one stage rests on. */
  startStage(stage: number): void {
    this.begins('Looking at this stage again', (id, on) => ipc.stageAgain(id, stage, on));
  }

  /** Proves a message that was dropped, chosen or pasted: its bytes in base64. */
  addMessage(flow: MailFlow, file: string): void {
    this.begins('Looking at the message', (id, on) => ipc.messageAdd(id, flow, file, on));
  }

  /** Reads DMARC reports: the bytes of each file in base64. */
  addReports(files: string[]): void {
    this.begins('Reading the reports', (id, on) => ipc.reportsAdd(id, files, on));
  }

  /** Sends test messages and waits for them. */
  sendMail(flows: MailFlow[]): void {
    this.begins('Sending a test message', (id, on) => ipc.mailSend(id, flows, on));
  }

  /** Reads a log of queries: its bytes in base64. */
  addQueries(file: string): void {
    this.begins('Reading the log', (id, on) => ipc.queriesAdd(id, file, on));
  }

  /** Judges a report of Lighthouse: its bytes in base64. */
  addLighthouse(file: string): void {
    this.begins('Reading the report', (id, on) => ipc.lighthouseAdd(id, file, on));
  }

  /** Goes through these journeys, or all of them. */
  goThrough(names: string[]): void {
    this.begins('Journeys begun', (id, on) => ipc.journeyRun(id, names, on), 'Journeys gone through');
  }

  private begins(says: string, start: (id: string, on: (event: RunEvent) => void) => Promise<null>, over?: string): void {
    const id = this.view?.project.id;
    if (id === undefined || this.running) return;
    this.failures = without(this.failures, id);
    this.runs = { ...this.runs, [id]: { what: '', done: 0, total: 0, began: Date.now(), stopping: false, measures: false, over, before: this.sent?.audit ?? null } };
    this.says = says;
    start(id, (event) => this.hear(id, event)).catch((thrown: unknown) => this.fail(id, trouble(thrown)));
  }

  /** A measurement takes the place that a run would have; nothing when there is one already. */
  measures(id: string): { says: (what: string) => void; over: (view: View | null) => void } | null {
    if (this.view?.project.id !== id || this.running) return null;
    this.failures = without(this.failures, id);
    const run: Run = { what: '', done: 0, total: 0, began: Date.now(), stopping: false, measures: true };
    this.runs = { ...this.runs, [id]: run };
    this.says = 'Measuring';
    return {
      says: (what) => {
        const now = this.runs[id];
        if (now !== undefined) this.runs = { ...this.runs, [id]: { ...now, what } };
      },
      over: (view) => {
        this.runs = without(this.runs, id);
        if (view !== null) this.take({ ...view, running: false });
        this.says = view === null ? 'Measuring failed' : 'Measured; the result is kept';
      },
    };
  }

  async cancelRun(): Promise<void> {
    const id = this.view?.project.id;
    if (id === undefined || !this.running) return;
    const run = this.runs[id];
    if (run !== undefined) this.runs = { ...this.runs, [id]: { ...run, stopping: true } };
    await this.try(() => ipc.runCancel(id));
  }

  private hear(id: string, event: RunEvent): void {
    const run = this.runs[id];
    if (event.kind === 'looking') {
      const { what, done, total } = event;
      if (run !== undefined) this.runs = { ...this.runs, [id]: { ...run, what, done, total } };
    } else if (event.kind === 'judged') {
      const { audit, pictures, code_stays: codeStays } = event;
      if (this.sent?.project.id !== id) return;
      const code = this.sent.pictures?.code;
      const drawn = pictures !== null && codeStays && code !== undefined ? { ...pictures, code } : pictures;
      this.sent = { ...this.sent, audit, pictures: drawn ?? this.sent.pictures };
    } else if (event.kind === 'finished') {
      this.runs = without(this.runs, id);
      this.take({ ...event.view, running: false });
      this.hold(run?.before ?? null, event.view.audit);
      const verdict = event.view.audit === null ? '' : `: ${launchWord[event.view.audit.verdict]}`;
      const stopped = event.view.audit === null ? ' before anything was seen' : '; what was seen so far is kept';
      if (run?.over !== undefined) this.says = event.cut_short ? 'Stopped; what was seen so far is kept' : run.over;
      else this.says = event.cut_short ? `Audit stopped${stopped}` : `Audit finished${verdict}`;
    } else {
      this.fail(id, event);
    }
  }

  /** Keeps the ranking that is on the screen, where the newest one is another. */
  private hold(shown: Audit | null, newest: Audit | null): void {
    if (shown === null || newest === null || this.sent?.audit !== newest || this.place.screen !== 'project' || this.place.page !== 'risks') return;
    const drawn = ({ order, hour, says, conditions }: Audit): string => JSON.stringify([order, hour, says, conditions]);
    if (drawn(shown) !== drawn(newest)) this.held = { shown, newest };
  }

  /** Shows the newest ranking. */
  renew(): void {
    this.held = null;
    this.says = 'The new order is shown';
  }

  private fail(id: string, why: Trouble): void {
    this.runs = without(this.runs, id);
    this.failures = { ...this.failures, [id]: why };
    if (this.sent?.project.id === id) this.sent = { ...this.sent, running: false };
  }

  async copy(text: string): Promise<boolean> {
    const done = await this.try(async () => { await ipc.copyText(text); return true; });
    if (done === true) this.says = 'Copied';
    return done === true;
  }

  async askVault(again = false): Promise<void> {
    await this.try(async () => { this.vault = await (again ? ipc.vaultRetry() : ipc.vaultStatus()); });
  }

  /** The window is to be closed while a run goes on: asked once, and a second wish to close is an answer. */
  private askToClose(): void {
    if (this.dialog?.kind === 'closing') void this.try(() => ipc.windowClose(true));
    else this.dialog = { kind: 'closing' };
  }

  /** The stage that a place names. */
  stage(number: number): Stage | undefined {
    return this.view?.audit?.stages.find((stage) => stage.number === number);
  }

  /** Goes to a row of the checklist by its id. */
  openItem(item: string): void {
    const stage = this.view?.audit?.stages.find((one) => one.items.some((row) => row.id === item));
    if (stage !== undefined) this.page('stage', stage.number, item);
  }

  /** Goes to what a check saw: on its first row, or in the stage that tells of it. */
  openCheck(check: string): void {
    const stages = this.view?.audit?.stages ?? [];
    const row = stages.flatMap((stage) => stage.items).find((item) => item.checks.includes(check));
    const told = stages.find((stage) => stage.also.includes(check) || stage.signals.some((signal) => signal.checks.includes(check)));
    if (row === undefined) this.page('stage', told?.number ?? 1, check);
    else this.openItem(row.id);
  }

  /** Does something that can fail; the failure is shown once, above the page. */
  async try<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (thrown) {
      this.error = trouble(thrown);
      return undefined;
    }
  }
}

function without<T>(all: Record<string, T>, id: string): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => key !== id));
}

export const desk = new Desk();
