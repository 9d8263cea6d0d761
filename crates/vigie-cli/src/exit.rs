//! Exit statuses.

/// Everything was done.
pub(crate) const COMPLETE: u8 = 0;
/// No report, for a reason outside the configuration.
pub(crate) const NO_REPORT: u8 = 1;
/// The command line or the configuration is wrong.
pub(crate) const USAGE: u8 = 2;
/// The work was done, but some source or row was left out.
pub(crate) const INCOMPLETE: u8 = 3;

/// The status of several projects: a report that is missing weighs more than one that is incomplete.
pub(crate) fn worst(statuses: impl Iterator<Item = u8>) -> u8 {
    let order = [NO_REPORT, USAGE, INCOMPLETE, COMPLETE];
    let statuses: Vec<u8> = statuses.collect();
    order.into_iter().find(|s| statuses.contains(s)).unwrap_or(COMPLETE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_report_weighs_most() {
        assert_eq!(worst([COMPLETE, INCOMPLETE, USAGE, NO_REPORT].into_iter()), NO_REPORT);
        assert_eq!(worst([COMPLETE, INCOMPLETE].into_iter()), INCOMPLETE);
        assert_eq!(worst([].into_iter()), COMPLETE);
    }
}
