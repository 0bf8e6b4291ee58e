/// Ratings of players (models, as a rule) from comparisons of two of them at a time.
///
/// | question | class |
/// |---|---|
/// | how strong is each, from all comparisons at once? | [BradleyTerry], with ties as such [Davidson] |
/// | how sure is that? | [BradleyTerryBootstrap], or the standard errors of the fit |
/// | a running score that remembers the order of games | [Elo] |
/// | how often does one win against the rest of the world? | [WinRate] |
/// | would it still win if its answers were as long as the others'? | [LengthControlledWinRate] |
///
/// A rating that the comparisons do not determine is not made up: [BradleyTerry] says which players
/// never met, or never lost.
@NullMarked
package org.alignmentworkbench.model.ranking;

import org.jspecify.annotations.NullMarked;
