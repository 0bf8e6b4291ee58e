/// The job that brings files of pairs and judgements into a project.
@NullMarked
package org.alignmentworkbench.app.exchange.job;

import org.jspecify.annotations.NullMarked;
