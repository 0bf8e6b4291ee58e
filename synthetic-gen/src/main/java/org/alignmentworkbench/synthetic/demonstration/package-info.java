/// A scripted writer of demonstrations that errs as people do.
///
/// Supervised fine-tuning learns from these; what the writer forgets leaves room for preferences to
/// improve on it. For every task there is also a reference: a response that passes all checks.
@NullMarked
package org.alignmentworkbench.synthetic.demonstration;

import org.jspecify.annotations.NullMarked;
