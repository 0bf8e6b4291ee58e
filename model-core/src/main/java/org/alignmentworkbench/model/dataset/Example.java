package org.alignmentworkbench.model.dataset;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.alignmentworkbench.model.dataset.json.JsonObject;
import org.jspecify.annotations.Nullable;

/// What a row says, whatever shape it came in.
public sealed interface Example {

  /// How prompt and answer were written, so that they can be written so again.
  enum Form {
    /// As texts.
    TEXT,
    /// As lists of turns.
    MESSAGES
  }

  /// A prompt alone.
  record Prompt(Form form, List<Turn> prompt) implements Example {
    public Prompt {
      prompt = List.copyOf(prompt);
    }
  }

  /// A whole dialogue that ends with the assistant.
  record Conversation(List<Turn> turns) implements Example {
    public Conversation {
      turns = List.copyOf(turns);
    }
  }

  /// A prompt with a good answer.
  record Demonstration(Form form, List<Turn> prompt, List<Turn> completion) implements Example {
    public Demonstration {
      prompt = List.copyOf(prompt);
      completion = List.copyOf(completion);
    }
  }

  /// A prompt with a better answer and a worse one.
  record Preference(Form form, List<Turn> prompt, List<Turn> chosen, List<Turn> rejected)
      implements Example {
    public Preference {
      prompt = List.copyOf(prompt);
      chosen = List.copyOf(chosen);
      rejected = List.copyOf(rejected);
    }
  }

  /// A prompt with an answer that somebody liked or did not.
  record RatedCompletion(Form form, List<Turn> prompt, List<Turn> completion, boolean desirable)
      implements Example {
    public RatedCompletion {
      prompt = List.copyOf(prompt);
      completion = List.copyOf(completion);
    }
  }

  /// A prompt with two answers and what people said about them, from none to many.
  record ComparedPair(String prompt, String first, String second, List<Verdict> verdicts)
      implements Example {
    public ComparedPair {
      verdicts = List.copyOf(verdicts);
    }
  }

  /// What one person said about a pair.
  ///
  /// @param annotator the person's name in the file
  /// @param choice the better answer; null where the pair was skipped
  /// @param strength how much better on an own scale, negative for the first answer; null where not
  ///   asked
  /// @param ratings other questions' numbers, by question
  /// @param reason why, empty where nothing was said
  /// @param seconds time spent, null where not known
  /// @param createdAt when, as written; null where not known
  /// @param details what else the file says of it
  record Verdict(
      String annotator,
      @Nullable Choice choice,
      @Nullable Integer strength,
      SequencedMap<String, Double> ratings,
      String reason,
      @Nullable Double seconds,
      @Nullable String createdAt,
      JsonObject details) {
    public Verdict {
      ratings = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(ratings));
    }

    /// Whether the pair was looked at and passed over.
    public boolean skipped() {
      return choice == null;
    }
  }

  /// A judgement as this product exports it, with everything that is known of it.
  record Judged(JudgedPair judgement) implements Example {}

  /// The better of two answers.
  enum Choice {
    FIRST,
    SECOND,
    TIE
  }
}
