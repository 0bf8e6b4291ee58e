package org.alignmentworkbench.db.run;

/// Where a run stands.
///
/// ```
///            ┌────────────── restart ───────────────┐
///            ▼                                      │
///  ───► QUEUED ───► RUNNING ───► STOPPED, FAILED ───┘
///         ▲ │          │  │
///         │ └ cancel ──┼──┼────► STOPPED
///         │            │  └────► COMPLETED
///         └─ WAITING ◄─┘
/// ```
///
/// A run whose process was killed goes from RUNNING straight back to QUEUED.
public enum RunState {
  QUEUED,
  RUNNING,
  /// Parked until people have done something; it costs nothing and frees the device.
  WAITING,
  STOPPED,
  FAILED,
  COMPLETED;

  /// The only place that says which changes are legal.
  public boolean mayBecome(RunState next) {
    return switch (this) {
      case QUEUED -> next == RUNNING || next == STOPPED;
      case RUNNING ->
          next == WAITING
              || next == STOPPED
              || next == FAILED
              || next == COMPLETED
              || next == QUEUED;
      case WAITING -> next == QUEUED || next == STOPPED || next == FAILED;
      case STOPPED, FAILED -> next == QUEUED;
      case COMPLETED -> false;
    };
  }

  /// Whether the run has come to an end (from which it may still be restarted).
  public boolean ended() {
    return this == STOPPED || this == FAILED || this == COMPLETED;
  }
}
