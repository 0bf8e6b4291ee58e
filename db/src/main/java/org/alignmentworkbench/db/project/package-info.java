/// Projects: one line of models with its prompts, tasks, runs and settings.
@NullMarked
package org.alignmentworkbench.db.project;

import org.jspecify.annotations.NullMarked;
