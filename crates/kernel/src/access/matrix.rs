//! The golden matrix: act × role, one line an act, so that a change of the policy shows in a diff that people read.

use super::action::Action;
use super::policy::{Effect, Policy, Row};
use super::role::Role;
use crate::text::Lang;

/// What a role may do, whatever the thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// ✔ for every thing outside the compartments that the post is not cleared for.
    Always,
    /// ! for some things: a kind, a condition or a denial narrows it.
    Sometimes,
    /// ✘ for nothing.
    Never,
}

impl Cell {
    /// The sign of the matrix.
    pub const fn sign(self) -> char {
        match self {
            Cell::Always => '✔',
            Cell::Sometimes => '!',
            Cell::Never => '✘',
        }
    }
}

impl Policy {
    /// What one role alone may do under one act.
    pub fn cell(&self, role: Role, action: Action) -> Cell {
        let rows: Vec<&Row> = self.rows_for(action).filter(|row| row.roles.contains(role)).collect();
        let any = |effect: Effect, plain: bool| {
            rows.iter().any(|row| row.effect == effect && (row.is_plain() || !plain))
        };
        // A denial inside a compartment leaves open things as they are.
        let narrowed = rows
            .iter()
            .any(|row| row.effect == Effect::Deny && !matches!(row.reach, super::policy::Reach::Only(_)));
        match (any(Effect::Deny, true), any(Effect::Allow, true), any(Effect::Allow, false)) {
            (true, _, _) | (_, _, false) => Cell::Never,
            (false, true, _) if !narrowed => Cell::Always,
            _ => Cell::Sometimes,
        }
    }

    /// The whole matrix as text: a legend of roles, then a line for each act.
    pub fn matrix(&self) -> String {
        let mut out = format!("policy {}\n✔ always  ! under conditions  ✘ never\n\n", self.version());
        for (n, role) in Role::ALL.iter().enumerate() {
            out.push_str(&format!("{:02} {} {}\n", n + 1, role.code(), role.name(Lang::Zh)));
        }
        out.push_str(&format!("\n{:24}", ""));
        for n in 1..=Role::ALL.len() {
            out.push_str(&format!(" {n:02}"));
        }
        for action in Action::ALL {
            out.push_str(&format!("\n{:24}", action.code()));
            for role in Role::ALL {
                out.push_str("  ");
                out.push(self.cell(*role, *action).sign());
            }
        }
        out.push('\n');
        out
    }
}

/// The matrix of the built-in policy.
pub fn matrix() -> String {
    Policy::builtin().matrix()
}
