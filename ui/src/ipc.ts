// The border to Rust: one typed function for every command, and nothing else talks to Rust.
import { Channel, invoke } from '@tauri-apps/api/core';
import type {
  Agreed, Answer, AnswerGiven, ColorTold, Compared, Diff, DocumentForm, Edits, EvidenceGiven, EvidenceShown, Exported, FixStep, JourneyDraft, JourneyImport, JourneyState, LoadCap, MailAccount, MailFlow, MailState, MeasureEvent, MeasureState, MeasureWish, OpenPoint, OwnLine, OwnLook, OwnLookState, Preview, ProjectCard, ProjectTaken, ProjectWritten, RoadmapCard,
  RunEvent, RunList, SessionKind, SessionStatus, Startup, Target, Term, Undone, VaultStatus, View, WaiverGiven, WatchState,
} from './bindings';

/** What a command says when it fails. */
export interface Trouble {
  code: string;
  message: string;
}

/** Keys that the store keeps for the window. */
export type PreferenceKey = 'theme' | 'density' | 'text' | 'last_place' | 'presenter' | 'author';

/** Anything thrown on the way, as a code and one sentence. */
export function trouble(thrown: unknown): Trouble {
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown && typeof thrown.message === 'string') {
    const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : 'page';
    return { code, message: thrown.message };
  }
  return { code: 'page', message: typeof thrown === 'string' ? thrown : 'something in this window failed' };
}

function channel<T = RunEvent>(on: (event: T) => void): Channel<T> {
  const events = new Channel<T>();
  events.onmessage = on;
  return events;
}

export const startup = (): Promise<Startup> => invoke('startup');

/** Hears whenever the window is asked to close while a run goes on. */
export const closingAsks = (on: () => void): Promise<null> => {
  const asks = new Channel<null>();
  asks.onmessage = on;
  return invoke('closing_asks', { channel: asks });
};
export const windowClose = (sure: boolean): Promise<null> => invoke('window_close', { sure });

export const projectList = (): Promise<ProjectCard[]> => invoke('project_list');
export const projectCreate = (client: string, name: string, domain: string, roadmap: string): Promise<View> =>
  invoke('project_create', { client, name, domain, roadmap });
export const projectRename = (id: string, client: string, name: string): Promise<View> =>
  invoke('project_rename', { id, client, name });
export const projectArchive = (id: string, archived: boolean): Promise<null> => invoke('project_archive', { id, archived });
export const projectDelete = (id: string): Promise<null> => invoke('project_delete', { id });
export const projectExport = (id: string, notes: boolean): Promise<ProjectWritten> => invoke('project_export', { id, notes });
export const projectImport = (path: string): Promise<ProjectTaken> => invoke('project_import', { path });
export const projectOpen = (id: string): Promise<View> => invoke('project_open', { id });
export const demoOpen = (): Promise<View> => invoke('demo_open');
export const domainCheck = (text: string): Promise<Target> => invoke('domain_check', { text });

export const roadmapList = (): Promise<RoadmapCard[]> => invoke('roadmap_list');
export const roadmapChoose = (id: string, roadmap: string): Promise<View> => invoke('roadmap_choose', { id, roadmap });

export const runStart = (id: string, on: (event: RunEvent) => void): Promise<null> =>
  invoke('run_start', { id, channel: channel(on) });
export const checkAgain = (id: string, check: string, on: (event: RunEvent) => void): Promise<null> =>
  invoke('check_again', { id, check, channel: channel(on) });
export const messageAdd = (id: string, flow: MailFlow, file: string, on: (event: RunEvent) => void): Promise<null> =>
  invoke('message_add', { id, flow, file, channel: channel(on) });
export const mailSend = (id: string, flows: MailFlow[], on: (event: RunEvent) => void): Promise<null> =>
  invoke('mail_send', { id, flows, channel: channel(on) });
export const reportsAdd = (id: string, files: string[], on: (event: RunEvent) => void): Promise<null> =>
  invoke('reports_add', { id, files, channel: channel(on) });
export const mailAccount = (id: string): Promise<MailState> => invoke('mail_account', { id });
export const mailAccountSet = (id: string, account: MailAccount, by: string): Promise<MailState> =>
  invoke('mail_account_set', { id, account, by });
export const mailAccountClear = (id: string): Promise<MailState> => invoke('mail_account_clear', { id });
export const stageAgain = (id: string, stage: number, on: (event: RunEvent) => void): Promise<null> =>
  invoke('stage_again', { id, stage, channel: channel(on) });
export const runList = (id: string, before: number | null): Promise<RunList> => invoke('run_list', { id, before });
export const runCompare = (id: string, was: number, now: number): Promise<Diff> => invoke('run_compare', { id, was, now });
export const runAccept = (id: string, run: number, by: string | null, records: boolean): Promise<RunList> => invoke('run_accept', { id, run, by, records });
export const runCancel = (id: string): Promise<null> => invoke('run_cancel', { id });

export const measured = (id: string): Promise<MeasureState> => invoke('measured', { id });
export const measureStart = (id: string, wish: MeasureWish, on: (event: MeasureEvent) => void): Promise<null> =>
  invoke('measure_start', { id, wish, channel: channel(on) });
export const measuredCompare = (id: string, before: number, after: number): Promise<Compared> =>
  invoke('measured_compare', { id, before, after });
export const measuredBaseline = (id: string, measured: number): Promise<MeasureState> => invoke('measured_baseline', { id, measured });
export const measuredForget = (id: string, measured: number): Promise<MeasureState> => invoke('measured_forget', { id, measured });
export const loadAgree = (id: string, host: string, by: string, cap: LoadCap): Promise<MeasureState> =>
  invoke('load_agree', { id, host, by, cap });
export const loadWithdraw = (id: string, host: string): Promise<MeasureState> => invoke('load_withdraw', { id, host });

export const lighthouseAdd = (id: string, file: string, on: (event: RunEvent) => void): Promise<null> =>
  invoke('lighthouse_add', { id, file, channel: channel(on) });

export const journeys = (id: string): Promise<JourneyState> => invoke('journeys', { id });
export const journeyKeep = (id: string, text: string, insteadOf: string | null): Promise<JourneyState> =>
  invoke('journey_keep', { id, text, insteadOf });
export const journeyRecord = (id: string, draft: JourneyDraft): Promise<JourneyState> => invoke('journey_record', { id, draft });
export const journeyImport = (file: string): Promise<JourneyImport> => invoke('journey_import', { file });
export const journeyForget = (id: string, name: string): Promise<JourneyState> => invoke('journey_forget', { id, name });
export const watch = (id: string): Promise<WatchState> => invoke('watch', { id });
export const watchStart = (id: string, everyS: number): Promise<WatchState> => invoke('watch_start', { id, everyS });
export const watchStop = (id: string): Promise<WatchState> => invoke('watch_stop', { id });
export const journeyRun = (id: string, names: string[], on: (event: RunEvent) => void): Promise<null> =>
  invoke('journey_run', { id, names, channel: channel(on) });
export const journeySecretSet = (id: string, name: string, value: string): Promise<JourneyState> =>
  invoke('journey_secret_set', { id, name, value });
export const journeySecretClear = (id: string, name: string): Promise<JourneyState> => invoke('journey_secret_clear', { id, name });
export const journeyAgree = (id: string, host: string, by: string): Promise<JourneyState> => invoke('journey_agree', { id, host, by });
export const journeyWithdraw = (id: string, host: string): Promise<JourneyState> => invoke('journey_withdraw', { id, host });

export const databaseSet = (id: string, path: string): Promise<View> => invoke('database_set', { id, path });
export const queriesSet = (id: string, path: string): Promise<View> => invoke('queries_set', { id, path });
export const queriesAdd = (id: string, file: string, on: (event: RunEvent) => void): Promise<null> =>
  invoke('queries_add', { id, file, channel: channel(on) });

export const answerSave = (id: string, key: string, answer: AnswerGiven): Promise<View> =>
  invoke('answer_save', { id, key, answer });
export const answerClear = (id: string, key: string): Promise<View> => invoke('answer_clear', { id, key });

export const draftKeep = (id: string, key: string, text: string | null): Promise<null> => invoke('draft_keep', { id, key, text });

export const chargeSet = (id: string, key: string, owner: string, due: string): Promise<View> => invoke('charge_set', { id, key, owner, due });
export const commentAdd = (id: string, key: string, by: string, says: string): Promise<View> => invoke('comment_add', { id, key, by, says });
export const commentRemove = (id: string, comment: number): Promise<View> => invoke('comment_remove', { id, comment });
export const evidenceAdd = (id: string, key: string, evidence: EvidenceGiven): Promise<View> => invoke('evidence_add', { id, key, evidence });
export const evidenceShow = (id: string, hash: string): Promise<EvidenceShown> => invoke('evidence_show', { id, hash });
export const evidenceRemove = (id: string, key: string, hash: string): Promise<View> => invoke('evidence_remove', { id, key, hash });

export const ownCheck = (id: string, text: string): Promise<OwnLine[]> => invoke('own_check', { id, text });
export const ownSet = (id: string, text: string): Promise<View> => invoke('own_set', { id, text });
export const noteKeep = (id: string, text: string): Promise<null> => invoke('note_keep', { id, text });

export const sprintBegin = (id: string, at: string | null): Promise<View> => invoke('sprint_begin', { id, at });
export const sprintPause = (id: string, paused: boolean): Promise<View> => invoke('sprint_pause', { id, paused });

export const recordsAccept = (id: string, by: string): Promise<View> => invoke('records_accept', { id, by });

export const consentList = (id: string): Promise<Agreed[]> => invoke('consent_list', { id });
export const consentGive = (id: string, host: string, by: string, cap: number): Promise<Agreed[]> =>
  invoke('consent_give', { id, host, by, cap });
export const consentWithdraw = (id: string, host: string): Promise<Agreed[]> => invoke('consent_withdraw', { id, host });
export const waiverGive = (id: string, waiver: WaiverGiven): Promise<View> => invoke('waiver_give', { id, waiver });
export const waiverWithdraw = (id: string, of: string, subject: string | null): Promise<View> =>
  invoke('waiver_withdraw', { id, of, subject });
export const placeList = (id: string): Promise<Answer | null> => invoke('place_list', { id });

export const folderSet = (id: string, path: string): Promise<View> => invoke('folder_set', { id, path });
export const logSet = (id: string, path: string): Promise<View> => invoke('log_set', { id, path });
export const environmentSet = (id: string, name: string, list: string): Promise<View> => invoke('environment_set', { id, name, list });
export const environmentForget = (id: string, name: string): Promise<View> => invoke('environment_forget', { id, name });
export const keyReplaced = (id: string, row: string, by: string): Promise<View> => invoke('key_replaced', { id, row, by });
export const keyReopened = (id: string, row: string): Promise<View> => invoke('key_reopened', { id, row });

export const routesSet = (id: string, routes: string[]): Promise<View> => invoke('routes_set', { id, routes });
export const sessionSet = (id: string, kind: SessionKind, value: string): Promise<SessionStatus> =>
  invoke('session_set', { id, kind, value });
export const sessionStatus = (id: string): Promise<SessionStatus> => invoke('session_status', { id });
export const sessionClear = (id: string, kind: SessionKind): Promise<SessionStatus> => invoke('session_clear', { id, kind });
export const vaultStatus = (): Promise<VaultStatus> => invoke('vault_status');
export const vaultRetry = (): Promise<VaultStatus> => invoke('vault_retry');

export const exportDocument = (id: string, form: DocumentForm): Promise<Exported> => invoke('export', { id, form });
export const deliverablePreview = (id: string, report: string): Promise<Preview> => invoke('deliverable_preview', { id, report });
/** What is still open before the document is handed over. */
export const preflight = (id: string): Promise<OpenPoint[]> => invoke('preflight', { id });
/** The look that documents have of whoever hands them over. */
export const templateRead = (): Promise<OwnLookState> => invoke('template_read');
export const templateKeep = (look: OwnLook): Promise<OwnLookState> => invoke('template_keep', { look });
export const logoTake = (path: string): Promise<OwnLookState> => invoke('logo_take', { path });
export const logoRemove = (): Promise<OwnLookState> => invoke('logo_remove');
/** Whether a colour can be read on paper. */
export const colorTold = (color: string): Promise<ColorTold> => invoke('color_told', { color });
export const fixSteps = (paste: string): Promise<FixStep[]> => invoke('fix_steps', { paste });
export const copyText = (text: string): Promise<null> => invoke('copy_text', { text });
/** The path that a person chose in the system's own dialog; nothing when it was closed. */
export const pathChoose = (title: string, folder: boolean): Promise<string | null> => invoke('path_choose', { title, folder });
export const openLink = (url: string): Promise<null> => invoke('open_link', { url });

export const edits = (id: string | null): Promise<Edits> => invoke('edits', { id });
export const editUndo = (id: string | null, again: boolean): Promise<Undone> => invoke('edit_undo', { id, again });

export const termList = (): Promise<Term[]> => invoke('term_list');
export const presenterSet = (state: string): Promise<null> => invoke('presenter_set', { state });

export const preferenceGet = (key: PreferenceKey): Promise<string | null> => invoke('preference_get', { key });
export const preferenceSet = (key: PreferenceKey, value: string): Promise<null> => invoke('preference_set', { key, value });
