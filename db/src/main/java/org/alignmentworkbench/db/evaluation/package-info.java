/// Evaluations of models on held-out prompts.
@NullMarked
package org.alignmentworkbench.db.evaluation;

import org.jspecify.annotations.NullMarked;
