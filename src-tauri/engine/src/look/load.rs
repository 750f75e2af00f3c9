//! Load that was put on the product before: taken over as it was recorded. No audit puts load on anything by itself.

use crate::run::Desk;
use audit::facts::Observation;

/// Enters what was recorded.
pub(crate) fn enter(desk: &Desk<'_>) {
    for (key, fact) in desk.plan.kept.load.clone() {
        desk.saw(Observation::Load { key, fact });
    }
}
