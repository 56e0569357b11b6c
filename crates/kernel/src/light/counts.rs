//! How many things show each light.

use super::Light;

/// How many things show each light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Overdue or behind.
    pub red: u32,
    /// At risk.
    pub yellow: u32,
    /// On track.
    pub green: u32,
    /// Done.
    pub done: u32,
    /// Paused.
    pub paused: u32,
    /// No data.
    pub grey: u32,
}

impl Counts {
    /// The counts in the order in which a bar shows them, worst first; zero counts left out.
    pub fn listed(self) -> Vec<(Light, u32)> {
        let all = [
            (Light::Red, self.red),
            (Light::Yellow, self.yellow),
            (Light::Green, self.green),
            (Light::Done, self.done),
            (Light::Paused, self.paused),
            (Light::Grey, self.grey),
        ];
        all.into_iter().filter(|(_, n)| *n > 0).collect()
    }
    /// Everything counted.
    pub fn total(self) -> u32 {
        self.listed().iter().map(|(_, n)| n).sum()
    }
    /// Counts one more.
    pub fn add(&mut self, light: Light) {
        let slot = match light {
            Light::Red => &mut self.red,
            Light::Yellow => &mut self.yellow,
            Light::Green => &mut self.green,
            Light::Done => &mut self.done,
            Light::Paused => &mut self.paused,
            Light::Grey => &mut self.grey,
        };
        *slot = slot.saturating_add(1);
    }
    /// How many show `light`.
    pub fn of(self, light: Light) -> u32 {
        match light {
            Light::Red => self.red,
            Light::Yellow => self.yellow,
            Light::Green => self.green,
            Light::Done => self.done,
            Light::Paused => self.paused,
            Light::Grey => self.grey,
        }
    }
}
