/// Responses of models to prompts, with what made and scored them.
@NullMarked
package org.alignmentworkbench.db.response;

import org.jspecify.annotations.NullMarked;
