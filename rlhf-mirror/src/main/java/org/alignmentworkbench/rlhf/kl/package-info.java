/// Estimates of the divergence between two policies from sampled responses.
@NullMarked
package org.alignmentworkbench.rlhf.kl;

import org.jspecify.annotations.NullMarked;
