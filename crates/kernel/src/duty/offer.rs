//! Which acts a page offers, which one first, and why one is off.

use super::context::Context;
use super::guard::admit;
use super::model::Duty;
use super::refusal::DutyRefusal;
use super::vocab::{Act, StateName};

/// One act as a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The act: [`Act::say`] is the verb on the button.
    pub act: Act,
    /// Whether it is open now; else the refusal, whose reason and next step the page shows beside the grey button.
    pub allowed: Result<(), DutyRefusal>,
    /// The act that brings the duty forward from its state, when it is open to this actor: at most one.
    pub primary: bool,
}

/// The acts of the present state, in the order of [`Act::ALL`].
///
/// Left out: acts that the kind does not know, that the state does not admit, that answer a request nobody made, and
/// system jobs. Acts that belong to somebody else stay, with the reason, so a page may show or hide them. What a
/// command says is judged by `decide` only.
pub fn actions(duty: Option<&Duty>, ctx: &Context<'_>) -> Vec<Offer> {
    let next = duty.map_or(Some(Act::Register), |duty| next_act(duty.state.name(), ctx));
    let offer = |act: &Act| {
        let allowed = admit(*act, duty, ctx);
        let out_of_place = matches!(
            allowed,
            Err(DutyRefusal::ActOff { .. }
                | DutyRefusal::WrongState { .. }
                | DutyRefusal::NotThere { .. }
                | DutyRefusal::NothingAsked { .. })
        );
        let primary = next == Some(*act) && allowed.is_ok();
        (!out_of_place).then_some(Offer { act: *act, allowed, primary })
    };
    Act::ALL.iter().filter(|act| !matches!(act, Act::Escalate)).filter_map(offer).collect()
}

/// The act that brings a duty forward from a state.
fn next_act(name: StateName, ctx: &Context<'_>) -> Option<Act> {
    let profile = ctx.profile;
    match name {
        StateName::Draft => Some(Act::Register),
        StateName::Registered => Some(Act::Assign),
        StateName::Assigned if profile.acceptance => Some(Act::Accept),
        StateName::Assigned | StateName::Accepted if profile.start => Some(Act::Start),
        StateName::Assigned | StateName::Accepted | StateName::InProgress => Some(Act::Submit),
        StateName::SuspendAsked => Some(Act::GrantSuspend),
        StateName::Suspended => Some(Act::Resume),
        StateName::Arbitrating => Some(Act::Rule),
        StateName::Submitted if profile.verification => Some(Act::Verify),
        StateName::Submitted | StateName::Verified => Some(Act::Close),
        StateName::Closed => Some(Act::Archive),
        StateName::Archived | StateName::Merged | StateName::Split | StateName::Cancelled => None,
    }
}
