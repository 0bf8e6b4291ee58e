/// The administrator's room: people, queues, jobs, health and the audit trail.
@NullMarked
package org.alignmentworkbench.app.admin;

import org.jspecify.annotations.NullMarked;
