/// Prompts: the tasks a model is asked to do, in splits that share nothing.
@NullMarked
package org.alignmentworkbench.db.prompt;

import org.jspecify.annotations.NullMarked;
