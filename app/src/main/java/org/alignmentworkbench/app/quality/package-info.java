/// How good a project's judgements are, for those who lead it: how far people agree, whether the
/// side on which an answer is shown decides, who is reliable and how long it takes.
///
/// [QualityReport] makes every figure from judgements alone and knows neither Spring nor SQL.
/// Nothing in it is a bare number: a figure carries its n and its interval, or why it has none.
@NullMarked
package org.alignmentworkbench.app.quality;

import org.jspecify.annotations.NullMarked;
