// Types that cross the border, as Rust declares them. Generated; do not edit.

export type Accepted = { 
/**
 * When.
 */
at: string, 
/**
 * By whom; empty when nobody was named.
 */
by: string, 
/**
 * How many record sets.
 */
sets: number, };
export type Agreed = { 
/**
 * What kind of thing was agreed to.
 */
kind: Agreement, 
/**
 * The one host it is about; a mail server with its port.
 */
host: string, 
/**
 * Who agreed, by name.
 */
by: string, 
/**
 * What for, in one plain sentence: what is sent.
 */
what: string, 
/**
 * Requests to one form at most, or messages at one go.
 */
cap: Cap, 
/**
 * When it was recorded.
 */
at: string, 
/**
 * When it runs out.
 */
until: string, };
export type Agreement = "tries" | "mail" | "journey";
export type Answer = { 
/**
 * The short answer.
 */
choice: Choice, 
/**
 * The answer in the person's words; the reason when it does not apply.
 */
note: string, 
/**
 * Where the proof is: a link, a file name, a sentence.
 */
evidence: string, 
/**
 * Who looks after it.
 */
owner: string, 
/**
 * Rows of a table answer, by their label: system → owner, host name → `intended` or `unwanted`.
 */
rows: { [key in string]: string }, 
/**
 * When it was given.
 */
at: string, };
export type AnswerGiven = { choice: Choice, note: string, evidence: string, owner: string, rows: { [key in string]: string }, };
export type Asked = { 
/**
 * `"example.com A"`.
 */
question: string, 
/**
 * The domain's own name servers first.
 */
voices: Array<Voice>, };
export type Audit = { 
/**
 * [`AUDIT_VERSION`].
 */
version: number, 
/**
 * What was audited.
 */
target: Target, 
/**
 * The roadmap's id.
 */
roadmap: string, 
/**
 * When the run began.
 */
started: string, 
/**
 * When the run ended; none while it is going on.
 */
finished: string | null, 
/**
 * Whether the run was cancelled before everything was looked at.
 */
cut_short: boolean, 
/**
 * The time that it was judged by.
 */
judged: string, 
/**
 * Go, conditional or no-go.
 */
verdict: Launch, 
/**
 * The verdict in three plain sentences.
 */
says: Array<string>, 
/**
 * The minimum bar.
 */
bar: Array<Light>, 
/**
 * The seven stages.
 */
stages: Array<Stage>, 
/**
 * One outcome for every built check, by id.
 */
outcomes: Array<Outcome>, 
/**
 * What to mend, first things first.
 */
order: Array<Step>, 
/**
 * What to mend of it when there is one hour.
 */
hour: Hour, 
/**
 * What has to be settled besides the blockers before it is a go, by kind.
 */
conditions: Array<Condition>, 
/**
 * Every risk that was accepted, oldest first, with what it does now.
 */
waivers: Array<WaiverTold>, };
export type Bin = { 
/**
 * Lower edge, microseconds.
 */
from: number, 
/**
 * Upper edge, microseconds.
 */
to: number, 
/**
 * Samples in it.
 */
count: number, };
export type Cap = number;
export type ChainRow = { 
/**
 * The URL it starts from.
 */
start: string, 
/**
 * Exchanges in order; none when the first could not be seen.
 */
hops: Array<HopRow>, 
/**
 * Where it ends, when it ends in an answer.
 */
to: string | null, 
/**
 * How it ended, in words.
 */
end: string, 
/**
 * Its shape and colour.
 */
state: State, 
/**
 * How it ended, in a word or two.
 */
word: string, 
/**
 * What is wrong with it as a whole.
 */
wrong: Array<Wrong>, };
export type Change = "added" | "removed" | "changed";
export type ChangeRow = { 
/**
 * The figures.
 */
difference: Difference, 
/**
 * What they come to.
 */
change: SpeedChange, 
/**
 * The same in words.
 */
says: string, };
export type Choice = "yes" | "no" | "not-applicable";
export type CodePicture = { 
/**
 * What was read, a sentence each.
 */
read: Array<string>, 
/**
 * What could not be read.
 */
unseen: Array<Unseen>, 
/**
 * Kinds of the keys that got out.
 */
kinds: Array<KeyKind>, 
/**
 * Keys that got out, most severe first.
 */
keys: Array<KeyRow>, 
/**
 * How many more there are.
 */
more: number, 
/**
 * Settings that the code reads, those that are secret first.
 */
settings: Array<SettingRow>, 
/**
 * The usual places of secret values.
 */
homes: Array<HomeWord>, };
export type ColorTold = { fits: boolean, says: string, };
export type Comment = { 
/**
 * Its number in the project.
 */
id: number, 
/**
 * Who.
 */
by: string, 
/**
 * What.
 */
says: string, 
/**
 * When.
 */
at: string, };
export type Compared = { 
/**
 * The earlier one.
 */
before: MeasuredRow, 
/**
 * The later one.
 */
after: MeasuredRow, 
/**
 * What changed, in one sentence.
 */
says: string, 
/**
 * What that sentence comes to.
 */
change: SpeedChange, 
/**
 * Percentile by percentile, as far as there are samples.
 */
rows: Array<ChangeRow>, 
/**
 * What else differed between the two, and what could not be compared.
 */
notes: Array<string>, };
export type Concern = "reach" | "trust" | "mail" | "data" | "speed" | "control";
export type Condition = { 
/**
 * What it is.
 */
kind: Open, 
/**
 * How many there are; never 0.
 */
count: number, 
/**
 * The same in words, without the number: "smaller findings".
 */
says: string, 
/**
 * What settles it.
 */
way: string, };
export type CurvePoint = { 
/**
 * Below 100; never beyond what the samples can claim.
 */
percentile: number, 
/**
 * Microseconds.
 */
micros: number, };
export type Deliverable = { 
/**
 * `SD1.D.1`.
 */
id: string, 
/**
 * What it is.
 */
title: string, 
/**
 * The report section that holds it.
 */
report: string | null, 
/**
 * `done` when the report has it, `needs-you` when a person attaches it, `not-built` otherwise.
 */
state: State, 
/**
 * The question to a person, when there is one; the answer is kept under its id.
 */
question: string | null, 
/**
 * The answer so far.
 */
answer: Answer | null, 
/**
 * Who accepted it as it stands, where that holds.
 */
waiver: Waiver | null, 
/**
 * Whether somebody can accept it as it stands.
 */
acceptable: boolean, };
export type Diff = { 
/**
 * The domain.
 */
target: string, 
/**
 * The roadmap that both were judged by.
 */
roadmap: string, 
/**
 * The earlier audit.
 */
was: DiffMoment, 
/**
 * The later audit.
 */
now: DiffMoment, 
/**
 * In one sentence.
 */
says: string, 
/**
 * How many there are of each kind, in the order of the kinds; kinds without any are left out.
 */
counts: Array<DiffCount>, 
/**
 * Every finding of both, what needs a person first.
 */
rows: Array<DiffRow>, 
/**
 * The seven stages.
 */
stages: Array<DiffStage>, };
export type DiffCount = { 
/**
 * The kind.
 */
kind: DiffKind, 
/**
 * Never 0.
 */
count: number, };
export type DiffKind = "new" | "worse" | "counts-again" | "untold-now" | "untold-then" | "better" | "accepted" | "fixed" | "unchanged";
export type DiffMoment = { 
/**
 * When its run ended, or began where it did not end.
 */
at: string, 
/**
 * Its verdict.
 */
verdict: Launch, 
/**
 * Findings that stood against a launch by themselves.
 */
blockers: number, 
/**
 * Whether its run was stopped before everything was looked at.
 */
cut_short: boolean, };
export type DiffRow = { 
/**
 * What happened.
 */
kind: DiffKind, 
/**
 * The check.
 */
check: string, 
/**
 * The good state as a plain sentence.
 */
title: string, 
/**
 * What the finding is about; empty where it is about the check as a whole.
 */
subject: string, 
/**
 * The finding in the earlier audit.
 */
was: DiffSide | null, 
/**
 * The finding in the later audit.
 */
now: DiffSide | null, 
/**
 * Why it could not be told, or who accepted it; else empty.
 */
note: string, };
export type DiffSide = { 
/**
 * Fail or warn.
 */
grade: Grade, 
/**
 * How much it matters.
 */
severity: Severity, 
/**
 * What is, as one plain sentence.
 */
says: string, };
export type DiffStage = { 
/**
 * 1 … 7.
 */
number: number, 
/**
 * Short name.
 */
title: string, 
/**
 * Rows that needed nothing more.
 */
was: number, 
/**
 * Rows that need nothing more now.
 */
now: number, 
/**
 * Rows now.
 */
of: number, };
export type Difference = { 
/**
 * 50.0 … 99.9.
 */
percentile: number, 
/**
 * Of the run before.
 */
before: number, 
/**
 * Of the run after.
 */
after: number, 
/**
 * Least ratio of after to before that agrees with the samples, at 95 %.
 */
low: number, 
/**
 * Greatest.
 */
high: number, 
/**
 * Good answers of the run that has fewer.
 */
answers: number, 
/**
 * Good answers that each run needs so that a change of 20 % is told nineteen times in twenty.
 */
needs: number, };
export type DocumentForm = "pdf" | "markdown" | "html" | "guide" | "csv";
export type Dossier = { 
/**
 * Who does it; empty where nobody was named.
 */
owner: string, 
/**
 * The day by which it is to be done.
 */
due: string | null, 
/**
 * What people said of it, oldest first.
 */
comments: Array<Comment>, 
/**
 * What proves it, oldest first.
 */
evidence: Array<Evidence>, };
export type DraftCapture = { 
/**
 * Its name.
 */
name: string, 
/**
 * `field`, `meta`, `json`, `header`, `cookie`, `regex` or `mail`.
 */
from: string, 
/**
 * The name of the field, the place in the JSON, the expression …
 */
what: string, };
export type DraftStep = { 
/**
 * Its name.
 */
name: string, 
/**
 * `GET`, `POST` …
 */
method: string, 
/**
 * A path or a whole address.
 */
path: string, 
/**
 * The fields of a form, `name=value` on each line.
 */
form: string, 
/**
 * A body of JSON.
 */
json: string, 
/**
 * The status that is right.
 */
status: number | null, 
/**
 * A text that the answer holds.
 */
contains: string, 
/**
 * The path that the redirects end at.
 */
at: string, 
/**
 * The longest time, milliseconds.
 */
within_ms: number | null, 
/**
 * What is taken from the answer.
 */
captures: Array<DraftCapture>, };
export type Drift = { 
/**
 * The name.
 */
name: string, 
/**
 * Type mnemonic.
 */
rtype: string, 
/**
 * What happened to its records.
 */
change: Change, 
/**
 * Accepted values that are gone.
 */
gone: Array<string>, 
/**
 * Values of today that were not accepted.
 */
new: Array<string>, };
export type Edit = { 
/**
 * Later edits have greater ones.
 */
act: number, 
/**
 * What was edited, as the end of a sentence.
 */
says: string, };
export type Edits = { 
/**
 * What undo takes back.
 */
undo: Edit | null, 
/**
 * What redo does again.
 */
redo: Edit | null, };
export type EnvironmentSeen = { name: string, 
/**
 * The kind of list that was read.
 */
from: string, names: number, 
/**
 * How many of them have no value.
 */
empty: number, };
export type ErrorRow = { 
/**
 * What happened, in words.
 */
says: string, 
/**
 * How many.
 */
count: number, };
export type Evidence = { 
/**
 * SHA-256 of what it holds, hexadecimal.
 */
hash: string, 
/**
 * What it is called: a file name, an address on the web.
 */
name: string, 
/**
 * What it is.
 */
kind: EvidenceKind, 
/**
 * Its size.
 */
bytes: number, 
/**
 * Who attached it; empty where nobody said.
 */
by: string, 
/**
 * When.
 */
at: string, };
export type EvidenceGiven = { 
/**
 * What it is called; the address itself where it is a link.
 */
name: string, 
/**
 * What it holds, base64; none where it is a link.
 */
content: string | null, 
/**
 * Who attaches it.
 */
by: string, };
export type EvidenceKind = "file" | "link" | "picture" | "text";
export type EvidenceShown = { 
/**
 * A picture as an address that holds it whole, with a type that we chose; none for what is no picture.
 */
picture: string | null, 
/**
 * Its text; none for what is no text.
 */
text: string | null, };
export type Expected = { 
/**
 * None when nothing was accepted yet.
 */
accepted: Accepted | null, 
/**
 * What differs.
 */
drifts: Array<Drift>, 
/**
 * What could not be compared.
 */
unseen: Array<Unseen>, 
/**
 * Record sets of today that can be accepted.
 */
today: number, };
export type Exported = { 
/**
 * Where it is.
 */
path: string, 
/**
 * Its size.
 */
bytes: number, };
export type Exposure = "visitors" | "recipients" | "customers" | "attackers" | "team";
export type FieldKind = "choice" | "count" | "coming" | "date" | "link" | "person" | "stopwatch" | "text";
export type Finding = { 
/**
 * The host, name, URL or record it is about.
 */
subject: string, 
/**
 * Fail or warn.
 */
grade: Grade, 
/**
 * How much it matters.
 */
severity: Severity, 
/**
 * What is, as one plain sentence.
 */
says: string, 
/**
 * What was seen, one line each: records, headers, addresses.
 */
evidence: Array<string>, 
/**
 * What to do.
 */
fix: Fix, };
export type Fix = { 
/**
 * The instruction in one or two plain sentences.
 */
says: string, 
/**
 * What can be pasted: a DNS record, a header line, a config snippet.
 */
paste: string | null, 
/**
 * A fair estimate of the work, minutes.
 */
minutes: number, 
/**
 * Checks that should be clean first.
 */
after: Array<string>, };
export type FixStep = { "kind": "set" } & RecordLine | { "kind": "remove" } & RecordLine | { "kind": "header", 
/**
 * Field name as written.
 */
name: string, 
/**
 * Field value.
 */
value: string, } | { "kind": "redirect", 
/**
 * Scheme of the requests that are redirected.
 */
from: string, 
/**
 * Their host.
 */
host: string, 
/**
 * Status code.
 */
status: number, 
/**
 * Where to: scheme and host.
 */
to: string, } | { "kind": "words", 
/**
 * The line.
 */
text: string, };
export type Form = { 
/**
 * The checks, items and deliverables whose question it belongs to.
 */
of: Array<string>, 
/**
 * The id under which the answer is kept, where several questions share one.
 */
kept_as: string | null, 
/**
 * Checks beside which it is shown although they ask nothing.
 */
beside: Array<string>, 
/**
 * The question, where neither a check nor a row asks it.
 */
question: string | null, 
/**
 * Whether the check itself judges what is filled in; else the row does.
 */
judged: boolean, 
/**
 * The fields in order.
 */
fields: Array<FormField>, 
/**
 * The table, below the fields.
 */
table: FormTable | null, };
export type FormField = { 
/**
 * Its key; the first column of a table has an empty one.
 */
key: string, 
/**
 * What it is called.
 */
label: string, 
/**
 * What belongs into it, in a few words.
 */
hint: string, 
/**
 * What kind of thing belongs into it.
 */
kind: FieldKind, 
/**
 * Whether the answer is not whole without it.
 */
required: boolean, 
/**
 * What can be chosen.
 */
options: Array<string>, 
/**
 * The choice that is well; any other calls for attention.
 */
good: string | null, 
/**
 * The most that is well: seconds of a stopwatch, or a count.
 */
most: number | null, 
/**
 * The roadmaps in which `most` counts; none means all.
 */
most_in: Array<string>, };
export type FormTable = { 
/**
 * What stands over the labels of its rows.
 */
label: string, 
/**
 * Rows that have to be filled in.
 */
rows: Array<string>, 
/**
 * Rows that are offered.
 */
also: Array<string>, 
/**
 * Whether what the audit found is offered too.
 */
proposes: boolean, 
/**
 * Its columns; the first has an empty key.
 */
columns: Array<FormField>, };
export type Gauge = { "kind": "latency", 
/**
 * How many to each address.
 */
requests: number, } | { "kind": "load", 
/**
 * Users or rate.
 */
model: Model, 
/**
 * Seconds in which they grow to their full number.
 */
ramp_s: number, 
/**
 * Seconds in all.
 */
seconds: number, 
/**
 * Failures in percent of the last 100 requests that end it.
 */
stop_errors: number, 
/**
 * Milliseconds; a 95th percentile of the last second above it ends it.
 */
stop_slower_ms: number | null, };
export type Glance = { 
/**
 * Its verdict.
 */
verdict: Launch, 
/**
 * Findings that stand against a launch by themselves.
 */
blockers: number, 
/**
 * Findings that stop a launch.
 */
critical: number, 
/**
 * Findings that hurt most users, or soon.
 */
high: number, 
/**
 * Findings that hurt some users, or some day.
 */
medium: number, 
/**
 * Polish.
 */
low: number, 
/**
 * Checks that could not tell.
 */
untold: number, 
/**
 * Rows of the roadmap that need nothing more.
 */
ready: number, 
/**
 * All rows of the roadmap.
 */
rows: number, 
/**
 * Whether its run was stopped before everything was looked at.
 */
cut_short: boolean, };
export type Grade = "warn" | "fail";
export type HalfDay = { 
/**
 * `Day 1, morning`.
 */
title: string, 
/**
 * What it is for.
 */
does: string, 
/**
 * When it begins; pauses before it push it on.
 */
from: string, 
/**
 * When it ends.
 */
until: string, 
/**
 * How it stands.
 */
standing: HalfStanding, 
/**
 * Rows that need nothing more.
 */
ready: number, 
/**
 * Rows of its stages.
 */
rows: number, 
/**
 * The rows that are still open, by id.
 */
open: Array<string>, };
export type HalfStanding = "ahead" | "done" | "now" | "slipped";
export type HomeWord = { 
/**
 * Its word in the table.
 */
word: string, 
/**
 * As a person reads it.
 */
title: string, };
export type HopRow = { 
/**
 * URL asked.
 */
url: string, 
/**
 * Status code.
 */
status: number, 
/**
 * Where it leads, when it leads on.
 */
target: string | null, 
/**
 * Time to the end of the headers, milliseconds.
 */
took_ms: number, 
/**
 * What is wrong here.
 */
wrong: Array<Wrong>, };
export type Hour = { 
/**
 * Places in the fix order, in the order in which they are done.
 */
steps: Array<number>, 
/**
 * What they take together, minutes.
 */
minutes: number, 
/**
 * What is reached by it, in words; empty where there is nothing to mend.
 */
says: string, };
export type Item = { 
/**
 * `SD1.1`.
 */
id: string, 
/**
 * The good state as a plain sentence.
 */
title: string, 
/**
 * Why it matters for this business.
 */
why: string, 
/**
 * Where it stands.
 */
state: State, 
/**
 * The state in one plain sentence.
 */
says: string, 
/**
 * Checks that tell it.
 */
checks: Array<string>, 
/**
 * Those of them that are not built yet.
 */
unbuilt: Array<string>, 
/**
 * The question to a person, when there is one.
 */
question: string | null, 
/**
 * The id under which the answer is kept.
 */
answers_to: string | null, 
/**
 * The answer so far.
 */
answer: Answer | null, 
/**
 * The day by which it is to be done, where one was set.
 */
due: string | null, 
/**
 * Whether that day has passed and it is not done.
 */
overdue: boolean, 
/**
 * Who accepted it as it stands, where that holds.
 */
waiver: Waiver | null, 
/**
 * Whether somebody can accept it as it stands.
 */
acceptable: boolean, 
/**
 * Whether it is a row of the project's own and not of its roadmap.
 */
own: boolean, };
export type JourneyCard = { name: string, kind: JourneyKind, 
/**
 * Where its paths begin.
 */
base: string, 
/**
 * The names of its steps.
 */
steps: Array<string>, 
/**
 * The hosts that it writes to; none where it only reads.
 */
writes: Array<string>, 
/**
 * The secrets that it names.
 */
needs: Array<string>, 
/**
 * Whether it waits for a mail.
 */
mails: boolean, 
/**
 * Its file.
 */
text: string, 
/**
 * What came of it the last time.
 */
seen: JourneyRow | null, };
export type JourneyDraft = { 
/**
 * Its name.
 */
name: string, 
/**
 * What it is for.
 */
kind: JourneyKind, 
/**
 * Where paths begin.
 */
base: string, 
/**
 * The address that `{{email}}` is made from.
 */
mailbox: string, 
/**
 * Whether it begins with the stored session.
 */
signed_in: boolean, 
/**
 * How long its steps may take together, milliseconds.
 */
within_ms: number | null, 
/**
 * What is done, in order.
 */
steps: Array<DraftStep>, };
export type JourneyImport = { text: string, 
/**
 * What a person should know of it.
 */
notes: Array<string>, };
export type JourneyKind = "booking" | "checkout" | "core" | "dashboard" | "login" | "logout" | "reset" | "signup" | "webhook";
export type JourneyRow = { 
/**
 * Its name.
 */
name: string, 
/**
 * What it is for, one word.
 */
kind: string, 
/**
 * How it ended.
 */
end: JourneyWord, 
/**
 * The same as the end of a sentence.
 */
says: string, 
/**
 * What to do where it could not be told; else empty.
 */
way: string, 
/**
 * When it was gone through.
 */
at: string | null, 
/**
 * Who agreed to its steps that write.
 */
by: string | null, 
/**
 * How many steps it has.
 */
planned: number, 
/**
 * The steps that were taken.
 */
steps: Array<StepRow>, };
export type JourneySecret = { name: string, kept: boolean, };
export type JourneyState = { 
/**
 * In the order in which they were recorded.
 */
rows: Array<JourneyCard>, 
/**
 * The secrets that they name, and those that are kept.
 */
secrets: Array<JourneySecret>, 
/**
 * Who agreed to steps that write, as long as that lasts.
 */
agreed: Array<Agreed>, 
/**
 * The hosts that their steps write to.
 */
written: Array<string>, 
/**
 * Whether there is a mailbox to look for mail in.
 */
mailbox: boolean, };
export type JourneyWord = "failed" | "lost" | "slow" | "well";
export type Keeper = "keychain" | "memory";
export type KeyKind = { 
/**
 * What kind it is.
 */
title: string, 
/**
 * How its issuer makes it worthless.
 */
revoke: string, 
/**
 * Where that is done.
 */
link: string, };
export type KeyRow = { 
/**
 * Its name in the table of replaced keys: kind and fingerprint.
 */
row: string, 
/**
 * How much it matters.
 */
severity: Severity, 
/**
 * What kind it is: its place among the kinds.
 */
kind: number, 
/**
 * The fixed prefix that names the kind, then dots.
 */
redacted: string, 
/**
 * Where it stands, a line each.
 */
places: Array<string>, 
/**
 * Whether today's files hold it.
 */
in_files: boolean, 
/**
 * Whether a commit holds it.
 */
in_history: boolean, 
/**
 * When a person said that it was replaced.
 */
replaced: string | null, 
/**
 * Who said so.
 */
by: string, 
/**
 * Whether it came back since.
 */
returned: boolean, };
export type LatencyRow = { 
/**
 * The route's URL.
 */
route: string, 
/**
 * The roadmap's p95 target, milliseconds.
 */
target_ms: number, 
/**
 * The samples, when they could be taken.
 */
sampled: Sampled | null, 
/**
 * Why not, when not.
 */
unseen: string | null, };
export type Launch = "go" | "conditional" | "no-go";
export type LetterHop = { 
/**
 * The server that took the message.
 */
by: string, 
/**
 * When, by its own clock.
 */
at: string | null, 
/**
 * Seconds since the server before; negative where their clocks differ.
 */
seconds: number | null, };
export type LetterRow = { 
/**
 * The word of its flow, numbered where there are several.
 */
key: string, 
/**
 * Whether it was sent on purpose.
 */
sent: boolean, 
/**
 * The message as a person calls it.
 */
says: string, 
/**
 * When it was given, or found.
 */
at: string, 
/**
 * Seconds until it arrived, where it was sent on purpose.
 */
seconds: number | null, 
/**
 * The servers on its way, first first.
 */
hops: Array<LetterHop>, };
export type Light = { 
/**
 * `SD.B1`.
 */
id: string, 
/**
 * What it stands for.
 */
title: string, 
/**
 * The worst state of its rows.
 */
state: State, };
export type LoadAgreed = { 
/**
 * The one host it is about.
 */
host: string, 
/**
 * Who agreed, by name.
 */
by: string, 
/**
 * How much at most.
 */
cap: LoadCap, 
/**
 * When it was recorded.
 */
at: string, 
/**
 * When it runs out.
 */
until: string, };
export type LoadCap = { 
/**
 * Users at once.
 */
users: number, 
/**
 * Requests a second.
 */
per_second: number, 
/**
 * Seconds in all.
 */
seconds: number, };
export type LoadTick = { 
/**
 * Since the beginning, milliseconds.
 */
at_ms: number, 
/**
 * Requests sent so far.
 */
sent: number, 
/**
 * Answers so far.
 */
answered: number, 
/**
 * Failures and unexpected answers so far.
 */
failed: number, 
/**
 * Requests under way.
 */
under_way: number, 
/**
 * Median of the answers since the last tick, microseconds; none when there was no answer.
 */
p50: number | null, 
/**
 * 95th percentile of the same.
 */
p95: number | null, };
export type LogoSeen = { width: number, height: number, 
/**
 * The picture itself, as a `data:` address.
 */
url: string, };
export type MailAccount = { 
/**
 * The server that takes mail from the product.
 */
host: string, 
/**
 * Its port: 465 is encrypted from the first byte, all others by STARTTLS (RFC 8314 §3.3).
 */
port: number, 
/**
 * The name to sign in with.
 */
user: string, 
/**
 * The address that the product sends from.
 */
from: string, 
/**
 * The address of a mailbox of the owner.
 */
to: string, 
/**
 * Where that mailbox can be read; without it the message is pasted.
 */
inbox: MailInbox | null, };
export type MailFlow = "onboarding" | "reset" | "invoice" | "alert" | "other";
export type MailInbox = { 
/**
 * Its server.
 */
host: string, 
/**
 * Its port, encrypted from the first byte (RFC 8314 §3.2).
 */
port: number, 
/**
 * The name to sign in with.
 */
user: string, };
export type MailState = { 
/**
 * Its settings, without passwords.
 */
account: MailAccount | null, 
/**
 * Who agreed to test messages over it, as long as that lasts.
 */
agreed: Agreed | null, };
export type MeasureEvent = { "kind": "began", at: number, of: number, what: string, planned_ms: number, } | { "kind": "tick", tick: LoadTick, } | { "kind": "finished", view: View, } | { "kind": "failed", code: string, message: string, };
export type MeasureState = { 
/**
 * The addresses that an audit samples.
 */
routes: Array<string>, 
/**
 * The roadmap's target for 95 of 100 requests, milliseconds.
 */
target_ms: number, 
/**
 * The most that anybody can agree to.
 */
most: LoadCap, 
/**
 * Who agreed to load, as long as that lasts.
 */
agreed: Array<LoadAgreed>, 
/**
 * Newest first.
 */
rows: Array<MeasuredCard>, };
export type MeasureWish = { 
/**
 * The addresses, one after the other; load is put on one.
 */
routes: Array<RouteWish>, 
/**
 * Whether the stored session goes along.
 */
signed_in: boolean, 
/**
 * Which version of HTTP.
 */
speak: Speak, 
/**
 * A poor connection to lay over the good one.
 */
slow: SlowNetwork | null, 
/**
 * How.
 */
gauge: Gauge, };
export type MeasuredCard = { id: MeasuredId, row: MeasuredRow, };
export type MeasuredId = number;
export type MeasuredRow = { 
/**
 * When it began.
 */
at: string, 
/**
 * Whether later ones are compared with it.
 */
baseline: boolean, 
/**
 * Method and address.
 */
what: string, 
/**
 * How it was asked, in words.
 */
how: string, 
/**
 * Who agreed to it; none where nobody had to be asked.
 */
agreed_by: string | null, 
/**
 * Whether a session was sent along.
 */
signed_in: boolean, 
/**
 * What it took, milliseconds.
 */
took_ms: number, 
/**
 * Requests sent.
 */
sent: number, 
/**
 * Whole answers.
 */
answered: number, 
/**
 * Requests that did not end well, the most frequent kind first.
 */
errors: Array<ErrorRow>, 
/**
 * Connections made.
 */
connections: number, 
/**
 * `HTTP/1.1` or `HTTP/2`.
 */
protocol: string, 
/**
 * Most requests under way at once.
 */
at_once: number, 
/**
 * What a user waited, from the moment a request was due.
 */
response: Phase, 
/**
 * What the server took, from the moment a request was really sent.
 */
service: Phase, 
/**
 * Look-up, connection, encryption, first byte.
 */
phases: Array<Phase>, 
/**
 * The waits as a histogram, on steps that grow evenly in proportion.
 */
bins: Array<Bin>, 
/**
 * The waits as a curve.
 */
curve: Array<CurvePoint>, 
/**
 * Why it ended before its time, in words.
 */
end: string | null, };
export type Model = { "kind": "users", 
/**
 * Users at once.
 */
users: number, 
/**
 * Time between an answer and the next request of the same user, milliseconds.
 */
think_ms: number, } | { "kind": "rate", 
/**
 * Requests a second.
 */
per_second: number, 
/**
 * Requests under way at once at most; those beyond wait their turn, and their wait counts.
 */
users: number, };
export type Open = "findings" | "signals" | "untold" | "questions" | "confirm" | "not-built";
export type OpenPoint = { 
/**
 * What is.
 */
says: string, 
/**
 * What to do.
 */
way: string, 
/**
 * Whether nothing is written before it is settled.
 */
stops: boolean, };
export type OutageCause = "dns" | "connection" | "tls" | "status" | "content" | "mail" | "slow" | "third_party" | "own_network";
export type Outcome = { 
/**
 * Check id.
 */
check: string, 
/**
 * The good state as a plain sentence.
 */
title: string, 
/**
 * Why it matters to the business.
 */
why: string, 
/**
 * How it ended.
 */
status: Status, 
/**
 * The worst severity among its open findings.
 */
severity: Severity | null, 
/**
 * What was seen that supports it.
 */
proof: Array<string>, 
/**
 * What is wrong and not accepted, worst first.
 */
findings: Array<Finding>, 
/**
 * What is wrong, or could not be told, and was accepted for a time.
 */
waived: Array<Waived>, 
/**
 * What could not be seen.
 */
unseen: Array<Unseen>, 
/**
 * Why it does not apply, when it does not.
 */
reason: string | null, 
/**
 * The part of the rule that is looked at so far.
 */
covers: string, 
/**
 * Standards that decide.
 */
refs: Array<string>, };
export type OwnLine = { 
/**
 * The stage that it stands in, 1 … 7.
 */
stage: number, title: string, 
/**
 * Whether a person is asked.
 */
asks: boolean, 
/**
 * Whether a run looks at something for it.
 */
expects: boolean, };
export type OwnLook = { 
/**
 * Stands on the cover and at the head of each page; empty where nobody is named.
 */
name: string, 
/**
 * The colour of links, such as `#0b5d3b`.
 */
accent: string, 
/**
 * The colour of headings.
 */
headings: string, };
export type OwnLookState = { look: OwnLook, logo: LogoSeen | null, };
export type Party = { 
/**
 * What it does.
 */
role: Role, 
/**
 * As people know it.
 */
name: string, 
/**
 * The signs by which it was recognised, one line each.
 */
evidence: Array<string>, };
export type Percentile = { 
/**
 * 50.0 … 100.0.
 */
percentile: number, 
/**
 * Value in microseconds.
 */
micros: number, 
/**
 * Samples needed before it may be claimed: 1 / (1 − p), so that at least one sample lies beyond it.
 */
needs: number, 
/**
 * Lower end of the interval that holds the true value at 95 %, microseconds; none where there are too few samples for a bound.
 */
low: number | null, 
/**
 * Upper end of it.
 */
high: number | null, };
export type Phase = { 
/**
 * `dns`, `connect`, `tls`, `ttfb`, `cold` (whole, on a new connection), `warm` (whole, on a kept one), `total`.
 */
name: string, 
/**
 * Good samples of this phase (a kept connection has no connect).
 */
samples: number, 
/**
 * Percentiles 50, 90, 95, 99, and 100 (the maximum).
 */
percentiles: Array<Percentile>, };
export type Pictures = { 
/**
 * Every record that was seen once, by name and type.
 */
records: Array<RecordRow>, 
/**
 * Questions about records that nobody answered.
 */
unanswered: Array<Unseen>, 
/**
 * The accepted records, and what differs from them.
 */
expected: Expected, 
/**
 * What the domain's own name servers and public resolvers say.
 */
spread: Spread, 
/**
 * Every form of the address, and where it leads.
 */
chains: Array<ChainRow>, 
/**
 * The companies between a visitor and the product, in the order in which a request meets them.
 */
providers: ProviderMap, 
/**
 * Every route that was sampled.
 */
latency: Array<LatencyRow>, 
/**
 * Every message that was given or sent on purpose.
 */
letters: Array<LetterRow>, 
/**
 * Who may send by the SPF record; none without exactly one record that can be read.
 */
senders: SenderTree | null, 
/**
 * Selectors of DKIM keys that a person named.
 */
selectors: Array<string>, 
/**
 * What the DMARC reports that were given tell.
 */
reports: ReportsPicture | null, 
/**
 * Journeys that were gone through, in the order of a customer's life.
 */
journeys: Array<JourneyRow>, 
/**
 * The project's folder: keys that got out, and settings.
 */
code: CodePicture, };
export type Preview = { 
/**
 * Its pages as the PDF prints them, each as the address of a picture that holds everything itself.
 */
pages: Array<string>, 
/**
 * The number of the first one in the document.
 */
first: number, 
/**
 * Pages of the whole document.
 */
total: number, 
/**
 * Pages of this part that only the document shows.
 */
more: number, 
/**
 * The same in words.
 */
blocks: Array<Shown>, };
export type ProjectCard = { id: ProjectId, client: string, name: string, 
/**
 * As a person reads it.
 */
domain: string, 
/**
 * The roadmap's id.
 */
roadmap: string, 
/**
 * Whether it is the built-in demo.
 */
demo: boolean, archived: boolean, created: string, 
/**
 * When the newest run that saw anything ended, or began when it did not end.
 */
last_run: string | null, verdict: Launch | null, 
/**
 * The states of the seven stages; empty before the first run.
 */
ring: Array<State>, 
/**
 * Findings that stand against a launch by themselves.
 */
blockers: number, };
export type ProjectId = string;
export type ProjectTaken = { view: View, runs: number, 
/**
 * Pieces of evidence.
 */
pieces: number, 
/**
 * What is not in it, a sentence each, with what to do.
 */
left: Array<string>, };
export type ProjectWritten = { 
/**
 * Where it is.
 */
path: string, bytes: number, 
/**
 * What is not in it, a sentence each.
 */
left: Array<string>, };
export type ProviderMap = { 
/**
 * Stations in the order in which a request meets them; certificates and mail stand aside.
 */
stations: Array<Station>, 
/**
 * What is to be said where the delivery network ends and hosting begins; none when nothing stands in front of the servers.
 */
border: string | null, };
export type RecordLine = { 
/**
 * Owner name without the final dot, lower case.
 */
name: string, 
/**
 * Time to live in seconds, where the line gives one.
 */
ttl: number | null, 
/**
 * Type mnemonic.
 */
rtype: string, 
/**
 * Data as written; the character-strings of a TXT record are joined and without quotes.
 */
value: string, };
export type RecordMark = { 
/**
 * The kind in a word or two: `malformed`, `duplicate`.
 */
word: string, 
/**
 * Its shape and colour.
 */
state: State, 
/**
 * What is, as one plain sentence.
 */
says: string, 
/**
 * The check that found it, when one did.
 */
check: string | null, };
export type RecordRow = { 
/**
 * Owner name.
 */
name: string, 
/**
 * Type mnemonic.
 */
rtype: string, 
/**
 * Data in presentation form.
 */
value: string, 
/**
 * Time to live in seconds.
 */
ttl: number, 
/**
 * The server that said so.
 */
from: string, 
/**
 * The record as a zone file writes it (RFC 1035 §5.1); none where not all of it was kept.
 */
line: string | null, 
/**
 * What is to be said about it.
 */
marks: Array<RecordMark>, };
export type ReportedRow = { 
/**
 * The service, or what is known of the machines.
 */
name: string, 
/**
 * Whether it is a sender of the domain's own.
 */
own: boolean, 
/**
 * Messages.
 */
messages: number, 
/**
 * Those that were proven to come from the domain.
 */
proven: number, 
/**
 * Those that a signature proved.
 */
by_dkim: number, 
/**
 * Those that SPF proved.
 */
by_spf: number, 
/**
 * Unproven ones that receivers let through for a reason of their own.
 */
excused: number, 
/**
 * Those that went to the spam folder or were refused.
 */
stopped: number, 
/**
 * Some of its machines.
 */
machines: Array<string>, };
export type ReportsPicture = { 
/**
 * When the last of them was given.
 */
at: string, 
/**
 * Reports that were read, each counted once.
 */
reports: number, 
/**
 * Reports of the last gift that were there already.
 */
repeated: number, 
/**
 * Days that they cover.
 */
days: number, 
/**
 * Begin of the first period.
 */
from: string | null, 
/**
 * End of the last period.
 */
until: string | null, 
/**
 * Receivers that wrote them, by name.
 */
reporters: Array<string>, 
/**
 * Why parts of the last gift were not read, with how many.
 */
left_out: { [key in string]: number }, 
/**
 * Domains that they are about besides the audited one.
 */
others: Array<string>, 
/**
 * Who sent in the domain's name, the busiest first.
 */
senders: Array<ReportedRow>, };
export type RoadmapCard = { id: string, code: string, title: string, from: string, to: string, business: string, question: string, 
/**
 * Titles of the seven stages.
 */
stages: Array<string>, };
export type Role = "registrar" | "dns" | "network" | "hosting" | "certificates" | "mail";
export type RouteWish = { 
/**
 * A path or a whole address.
 */
route: string, 
/**
 * `GET`, `HEAD`, `POST` …
 */
method: string, 
/**
 * The status of a good answer; none means any below 400.
 */
status: number | null, 
/**
 * Text that a good answer contains; empty for none.
 */
contains: string, 
/**
 * Header fields besides the usual ones, one a line: `accept-language: de`. None holds a secret.
 */
headers: string, 
/**
 * The body; empty for none.
 */
body: string, };
export type RunCard = { id: RunId, 
/**
 * When it ended, or began when it did not end.
 */
at: string, glance: Glance, 
/**
 * When it was accepted as how it is meant to be.
 */
accepted: string | null, 
/**
 * By whom; empty where it was not.
 */
by: string, };
export type RunEvent = { "kind": "looking", what: string, done: number, total: number, elapsed_ms: number, } | { "kind": "judged", audit: Audit, pictures: Pictures | null, code_stays: boolean, } | { "kind": "finished", view: View, cut_short: boolean, } | { "kind": "failed", code: string, message: string, };
export type RunId = number;
export type RunList = { 
/**
 * Newest first.
 */
rows: Array<RunCard>, 
/**
 * Whether there are older ones.
 */
more: boolean, 
/**
 * How many are kept besides the accepted ones.
 */
most: number, 
/**
 * What changed since the newest accepted run; none where none was accepted, or nothing was looked at since.
 */
drift: Diff | null, };
export type Sampled = { 
/**
 * Requests meant to be sent.
 */
wanted: number, 
/**
 * Requests sent.
 */
sent: number, 
/**
 * Answers by status code.
 */
statuses: { [key in number]: number }, 
/**
 * Requests without a whole answer, by kind: `name`, `connect`, `tls`, `timeout`, `cut-short`, `garbled`.
 */
failures: { [key in string]: number }, 
/**
 * Whether a session was sent along.
 */
signed_in: boolean, 
/**
 * Phases in order: dns, connect, tls, ttfb (request sent to first byte), cold, warm, total.
 */
phases: Array<Phase>, 
/**
 * Histogram of the total time of good answers, about 30 bins.
 */
bins: Array<Bin>, };
export type SenderRow = { 
/**
 * 0: in the domain's own record; 1: in a record that this one includes; and so on.
 */
depth: number, 
/**
 * The term as written.
 */
term: string, 
/**
 * The service or network that it lets send, where the data tell.
 */
who: string | null, 
/**
 * Look-ups of the term with all that it includes.
 */
lookups: number, 
/**
 * Whether a person approved it; none while nobody said so, and of inner terms.
 */
approved: boolean | null, };
export type SenderTree = { 
/**
 * Look-ups of the whole record.
 */
lookups: number, 
/**
 * Look-ups that receivers make at most (RFC 7208 §4.6.4).
 */
limit: number, 
/**
 * The terms, outer ones before inner ones.
 */
rows: Array<SenderRow>, };
export type SessionKind = "cookie" | "token" | "lesser-cookie" | "lesser-token" | "cloudflare" | "smtp" | "imap" | "database";
export type SessionStatus = { 
/**
 * Whether a cookie is kept.
 */
cookie: boolean, 
/**
 * Whether a token is kept.
 */
token: boolean, 
/**
 * Who keeps them, or would.
 */
keeper: Keeper, 
/**
 * Why the last run went without them, when it did.
 */
trouble: string | null, 
/**
 * Whether a cookie of somebody who may do less is kept.
 */
lesser_cookie: boolean, 
/**
 * Whether a token of somebody who may do less is kept.
 */
lesser_token: boolean, 
/**
 * The token of the Cloudflare account.
 */
cloudflare: TokenStatus, 
/**
 * Whether the password of the mail account is kept.
 */
smtp: boolean, 
/**
 * Whether the password of the mailbox is kept.
 */
imap: boolean, 
/**
 * Why the last test message went without them, when it did.
 */
mail_trouble: string | null, 
/**
 * Whether a connection string of the product's database is kept.
 */
database: boolean, 
/**
 * Why the last run went without it, when it did.
 */
database_trouble: string | null, };
export type SettingIn = { 
/**
 * The environment.
 */
name: string, 
/**
 * `set`, `empty` or `missing`.
 */
is: string, };
export type SettingRow = { 
/**
 * Its name.
 */
name: string, 
/**
 * Whether its value is secret.
 */
secret: boolean, 
/**
 * Where the product requires it; empty where it does not.
 */
required: string, 
/**
 * Each environment with `set`, `empty` or `missing`.
 */
environments: Array<SettingIn>, 
/**
 * Who looks after it.
 */
owner: string, 
/**
 * What it is for.
 */
purpose: string, 
/**
 * Where its value lives.
 */
home: string, 
/**
 * When its value was last replaced.
 */
rotated: string, };
export type Severity = "low" | "medium" | "high" | "critical";
export type Shown = { "kind": "heading", level: number, text: string, } | { "kind": "words", role: string, words: Array<Word>, } | { "kind": "list", numbered: boolean, items: Array<Array<Word>>, } | { "kind": "table", columns: Array<string>, rows: Array<Array<Array<Word>>>, } | { "kind": "code", text: string, } | { "kind": "group", title: Array<Word>, blocks: Array<Shown>, };
export type Signal = { 
/**
 * `SD1.F.1`.
 */
id: string, 
/**
 * The statement.
 */
says: string, 
/**
 * `failing` when raised, `done` when a check shows that it is not so, `unsure`, `needs-you` or `not-built` otherwise.
 */
state: State, 
/**
 * Checks that can raise it.
 */
checks: Array<string>, 
/**
 * The question to a person, when there is one; yes raises it, and the answer is kept under its id.
 */
question: string | null, 
/**
 * The answer so far.
 */
answer: Answer | null, 
/**
 * Who accepted it as it stands, where that holds.
 */
waiver: Waiver | null, 
/**
 * Whether somebody can accept it as it stands.
 */
acceptable: boolean, };
export type SlowNetwork = { 
/**
 * Time that it adds to a way there and back, milliseconds.
 */
delay_ms: number, 
/**
 * Of 100 packets of 1 460 bytes, how many are lost on the way. TCP sends them again, so that a loss is seen as a wait.
 */
loss: number, 
/**
 * Kilobits a second in each direction at most; none for no limit.
 */
kilobits: number | null, };
export type SourcesSeen = { 
/**
 * The folder of its code; empty when none was named.
 */
folder: string, 
/**
 * Its log; empty when none was named.
 */
log: string, 
/**
 * A log of its queries; empty when none was named.
 */
queries: string, 
/**
 * Its database, where that is a file of SQLite; else empty.
 */
database: string, environments: Array<EnvironmentSeen>, };
export type Speak = "either" | "one" | "two";
export type SpeedChange = "faster" | "none" | "slower" | "unsure";
export type Spread = { 
/**
 * One entry for each question.
 */
questions: Array<Asked>, 
/**
 * Why there is nothing to show, when nobody could be asked.
 */
unseen: Unseen | null, };
export type Stage = { 
/**
 * 1 … 7.
 */
number: number, 
/**
 * Short name.
 */
title: string, 
/**
 * What is true when it is done.
 */
goal: string, 
/**
 * The worst state of its items.
 */
state: State, 
/**
 * Items that need nothing more.
 */
ready: number, 
/**
 * The rows.
 */
items: Array<Item>, 
/**
 * What the stage produces.
 */
deliverables: Array<Deliverable>, 
/**
 * Statements that, if true, mean that the stage is not done.
 */
signals: Array<Signal>, 
/**
 * Built checks of this area that no row of the roadmap names ("also checked").
 */
also: Array<string>, };
export type Standing = "down" | "slow" | "unsure" | "well";
export type Startup = { 
/**
 * Whether the demo is to be opened at once.
 */
demo: boolean, version: string, 
/**
 * Whether the page had stopped by itself and was begun anew.
 */
anew: boolean, 
/**
 * What questions ask for besides yes and no.
 */
forms: Array<Form>, 
/**
 * The questions of checks that only a person can answer, by check.
 */
asking: { [key in string]: string }, };
export type State = "failing" | "attention" | "unsure" | "needs-you" | "proposed" | "done" | "waived" | "not-applicable" | "stale" | "not-built";
export type Station = { 
/**
 * What is done here.
 */
role: Role, 
/**
 * The role as a person says it.
 */
title: string, 
/**
 * What it means, in a few words.
 */
does: string, 
/**
 * Done: recognised. Unsure: could not be told. Not applicable: nobody does it.
 */
state: State, 
/**
 * Who does it, each with the signs.
 */
parties: Array<Party>, 
/**
 * What there is to say where nobody is named.
 */
says: string, };
export type Status = "could-not-tell" | "fail" | "not-applicable" | "pass" | "waived" | "warn";
export type Step = { 
/**
 * Place in the order, from 1.
 */
rank: number, 
/**
 * The check that found it.
 */
check: string, 
/**
 * What it is about.
 */
subject: string, 
/**
 * Fail or warn.
 */
grade: Grade, 
/**
 * How much it matters.
 */
severity: Severity, 
/**
 * What is at stake.
 */
concern: Concern, 
/**
 * Who meets it.
 */
exposure: Exposure, 
/**
 * What is, as one plain sentence.
 */
says: string, 
/**
 * What to do.
 */
fix: Fix, 
/**
 * Why it stands here, in words.
 */
reason: string, 
/**
 * Whether it belongs into the next 48 hours.
 */
now: boolean, 
/**
 * Rows of the roadmap that it holds open.
 */
items: Array<string>, };
export type StepRow = { 
/**
 * Its name.
 */
name: string, 
/**
 * What was asked and what came.
 */
line: string, 
/**
 * What was not as expected, each as the end of a sentence.
 */
misses: Array<string>, 
/**
 * How long it took, microseconds.
 */
total: number, 
/**
 * Of which until the first byte after the last request, microseconds.
 */
ttfb: number, };
export type Target = { 
/**
 * As a person reads it, Unicode: `bücher.example`.
 */
name: string, 
/**
 * As DNS asks it, lower-case A-labels without final dot (RFC 5890): `xn--bcher-kva.example`.
 */
domain: string, };
export type Term = { 
/**
 * The word as it is explained.
 */
word: string, 
/**
 * Other forms of it that are found in texts.
 */
also: Array<string>, 
/**
 * One sentence for somebody who is no engineer.
 */
says: string, };
export type Timeline = { 
/**
 * When they began.
 */
began: string, 
/**
 * Since when nothing is done.
 */
paused: string | null, 
/**
 * The four half-days.
 */
halves: Array<HalfDay>, };
export type TokenStatus = { 
/**
 * Whether one is kept.
 */
stored: boolean, 
/**
 * Since when the keychain has it, where that is known.
 */
since: string | null, 
/**
 * Who keeps it, or would.
 */
keeper: Keeper, 
/**
 * Why the last run went without it, when it did.
 */
trouble: string | null, };
export type Undone = { 
/**
 * None where there was nothing to undo.
 */
edit: Edit | null, 
/**
 * None outside of any project.
 */
view: View | null, };
export type Unseen = { 
/**
 * What was looked at: "TXT _dmarc.example.com", "https://app.example.com/".
 */
what: string, 
/**
 * The kind of reason.
 */
why: Why, 
/**
 * The reason in one plain sentence.
 */
says: string, 
/**
 * What a person can do to get an answer.
 */
way: string, };
export type VaultState = "available" | "locked" | "denied" | "missing";
export type VaultStatus = { 
/**
 * What a write, a read and a delete of a throw-away entry showed.
 */
state: VaultState, 
/**
 * The state in one plain sentence.
 */
says: string, 
/**
 * What to do; empty when there is nothing to do.
 */
way: string, };
export type View = { project: ProjectCard, 
/**
 * None before the first run.
 */
audit: Audit | null, pictures: Pictures | null, 
/**
 * Whether a run is going on.
 */
running: boolean, session: SessionStatus, 
/**
 * Routes that are sampled, absolute URLs; none means the page of the bare domain.
 */
routes: Array<string>, sources: SourcesSeen, 
/**
 * What people answered, by question.
 */
answers: { [key in string]: Answer }, 
/**
 * What was filed on rows, by the question or the row.
 */
dossiers: { [key in string]: Dossier }, 
/**
 * The two days of work, once somebody began them.
 */
sprint: Timeline | null, 
/**
 * The file of its own rows and checks; empty where there is none.
 */
own: string, 
/**
 * What whoever works on it notes for themselves.
 */
notes: string, 
/**
 * What was typed into a question and not saved yet, by question.
 */
drafts: { [key in string]: string }, };
export type Voice = { 
/**
 * Name of the server or resolver.
 */
who: string, 
/**
 * How it was asked: `plain DNS`, `TLS`, `HTTPS`.
 */
way: string, 
/**
 * Where it was asked.
 */
at: string, 
/**
 * Whether it is one of the domain's own name servers.
 */
own: boolean, 
/**
 * Values; none when there is no such record.
 */
answer: Array<string>, 
/**
 * Seconds that this answer may still be kept; none when there was no answer.
 */
ttl: number | null, 
/**
 * How it compares.
 */
state: State, 
/**
 * That in words; the reason where it could not be seen.
 */
says: string, };
export type Waived = { 
/**
 * What is wrong; none where it was accepted that the check could not tell.
 */
finding: Finding | null, 
/**
 * Who accepted it, why and until when.
 */
waiver: Waiver, };
export type Waiver = { 
/**
 * A check, where it covers one of its findings or that it could not tell; else an item, a deliverable or a signal, where it
 * covers what a person would have to do about it.
 */
of: string, 
/**
 * The subject of the finding that it covers; none where nothing was found that could be covered.
 */
subject: string | null, 
/**
 * The severity that was accepted: a finding that became worse is not covered any more.
 */
severity: Severity | null, 
/**
 * Why it can stay as it is.
 */
reason: string, 
/**
 * Who takes the risk.
 */
approver: string, 
/**
 * The last day on which it holds, UTC.
 */
until: string, 
/**
 * When it was given.
 */
at: string, };
export type WaiverGiven = { 
/**
 * A check, item, deliverable or signal.
 */
of: string, 
/**
 * The subject of the finding, where it is one.
 */
subject: string | null, reason: string, approver: string, 
/**
 * The last day, `2026-12-31`.
 */
until: string, };
export type WaiverStanding = "holds" | "expired" | "needless";
export type WaiverTold = { 
/**
 * What was accepted.
 */
waiver: Waiver, 
/**
 * What it does now.
 */
standing: WaiverStanding, };
export type WatchChange = { 
/**
 * What is watched: an address, or the name of a journey.
 */
subject: string, 
/**
 * How it stands now.
 */
standing: Standing, 
/**
 * What it is named by, where it is an outage or slow; none in records of versions that did not tell.
 */
cause: OutageCause | null, 
/**
 * Why, as the end of a sentence.
 */
says: string, 
/**
 * When that was seen first.
 */
since: string, 
/**
 * How it stood before; none where it was never seen before.
 */
before: Standing | null, };
export type WatchState = { 
/**
 * Seconds from one round to the next; none where nobody watches.
 */
every_s: number | null, 
/**
 * When the last round ended.
 */
looked: string | null, 
/**
 * Whether this machine reached anybody then.
 */
online: boolean, 
/**
 * Why the last round was none.
 */
trouble: string | null, 
/**
 * How each address and journey stands, as far as it is sure.
 */
standings: Array<WatchChange>, 
/**
 * What changed, newest first.
 */
changes: Array<WatchChange>, };
export type Why = "not-looked" | "timeout" | "refused" | "broken" | "busy" | "untrusted" | "forbidden" | "no-route" | "garbled" | "depends" | "too-few" | "no-session" | "no-consent" | "challenged" | "not-answered" | "beyond";
export type Word = { text: string, 
/**
 * plain, strong, quiet, code, status, link or break.
 */
style: string, 
/**
 * The state whose shape and colour a status has.
 */
state: State | null, 
/**
 * Where a link leads.
 */
url: string | null, };
export type Wrong = { 
/**
 * Shape and colour.
 */
state: State, 
/**
 * What is, as one plain sentence.
 */
says: string, 
/**
 * The check that found it.
 */
check: string, };
