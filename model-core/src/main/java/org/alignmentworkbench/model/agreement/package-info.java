/// How far people agree who judged the same things, and what they hold true together.
///
/// | question | class |
/// |---|---|
/// | how far do they agree beyond chance, whoever judged what, on whatever scale? | [KrippendorffAlpha] |
/// | the same for two people who judged the same units | [CohenKappa] |
/// | the same for a fixed number of values a unit | [FleissKappa] |
/// | how often do two of them give the same value, chance included? | [PercentAgreement] |
/// | what is right, if some people are more reliable than others? | [DawidSkene], beside [MajorityVote] |
/// | does the side on which an answer is shown decide? | [PositionBias], [SwappedPairs] |
///
/// Values lie in a [Ratings]: some raters gave some units a number each. Nothing here is ever NaN:
/// a figure that cannot be had says why.
@NullMarked
package org.alignmentworkbench.model.agreement;

import org.jspecify.annotations.NullMarked;
