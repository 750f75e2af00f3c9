//! Sender Policy Framework records (RFC 7208): their syntax, the questions that evaluating one asks, and what that costs.

mod check;
#[cfg(test)]
mod check_tests;
#[cfg(test)]
mod conformance;
mod expand;
mod macros;
mod outcome;
mod parse;
mod record;
mod sender;
mod term;
#[cfg(test)]
mod tests;
mod tree;
mod walk;

pub use check::{Known, check_host};
pub use outcome::{SpfChecked, SpfProgress, SpfQuery, SpfResult, SpfStep, allowed_by};
pub use parse::{Directive, DomainSpec, Mechanism, Qualifier, SpfError, SpfRecord, is_spf, parse};
pub use record::{Split, line, mended, merged, split, suggested, with_all, without_ptr};
pub use sender::{Sender, by_mx, of_domain};
pub use tree::{Allowed, decided, lines, marked, nested, tree, without, without_repeats};
pub use walk::{Cost, Ending, Evaluation, LOOKUP_LIMIT, Problem, VOID_LIMIT, evaluate};
