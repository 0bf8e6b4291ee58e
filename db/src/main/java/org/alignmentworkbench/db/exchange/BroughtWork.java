package org.alignmentworkbench.db.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.db.task.NewWork;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Takes prompts with their answers into a project, for tasks to be made of. They are named by the
/// hashes of their texts, as pairs from files are, so the same text is there once however it came.
public final class BroughtWork {
  private static final String PROMPTS =
      """
      with made as (
        insert into prompt (project_id, key, split, kind, template, text, task, language,
          brought_by)
        select :projectId, n.key, 'PREFERENCE', 'IMPORTED', '', n.text, '{}', n.language, :file
        from unnest(:keys::text[], :texts::text[], :languages::text[]) as n(key, text, language)
        on conflict (project_id, key) do nothing
        returning id, key
      )
      select id, key
      from made
      union all
      select id, key
      from prompt
      where project_id = :projectId
        and key = any(:keys::text[])
      """;
  private static final String RESPONSES =
      """
      with made as (
        insert into response (project_id, prompt_id, key, round, member, sample, text, finish,
          brought_by)
        select :projectId, n.prompt_id, n.key, 0, 'imported', 0, n.text, 'STOP', :file
        from unnest(:keys::text[], :promptIds::bigint[], :texts::text[]) as n(key, prompt_id, text)
        on conflict (project_id, key) do nothing
        returning id, key
      )
      select id, key
      from made
      union all
      select id, key
      from response
      where project_id = :projectId
        and key = any(:keys::text[])
      """;
  private static final String IMPORTED = "imported/";
  private static final int HASH_DIGITS = 16;

  private final JdbcClient jdbc;

  public BroughtWork(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// A prompt with its answers, as a file has them.
  ///
  /// @param language of the prompt, a BCP 47 tag in lower case, where the file says it
  public record Item(String prompt, List<String> answers, @Nullable String language) {
    public Item {
      answers = List.copyOf(answers);
    }
  }

  private record Answer(long promptId, String text) {}

  /// What tasks are to be made of, in the order of the file; within the caller's transaction.
  ///
  /// @param file the artefact that the items are read from
  public List<NewWork> take(long projectId, List<Item> items, String file) {
    Map<String, String> prompts = new LinkedHashMap<>();
    Map<String, String> languages = new HashMap<>();
    for (Item item : items) {
      prompts.put(key(item), item.prompt());
      if (item.language() != null) {
        languages.putIfAbsent(key(item), item.language());
      }
    }
    Map<String, Long> promptIds =
        ids(
            jdbc.sql(PROMPTS)
                .param("projectId", projectId)
                .param("file", file)
                .param("keys", prompts.keySet().toArray(String[]::new))
                .param("texts", prompts.values().toArray(String[]::new))
                .param(
                    "languages",
                    prompts.keySet().stream().map(languages::get).toArray(String[]::new)));
    Map<String, Answer> answers = new LinkedHashMap<>();
    for (Item item : items) {
      for (String text : item.answers()) {
        answers.put(key(item, text), new Answer(id(promptIds, key(item)), text));
      }
    }
    Map<String, Long> responseIds =
        ids(
            jdbc.sql(RESPONSES)
                .param("projectId", projectId)
                .param("file", file)
                .param("keys", answers.keySet().toArray(String[]::new))
                .param(
                    "promptIds",
                    answers.values().stream().map(Answer::promptId).toArray(Long[]::new))
                .param(
                    "texts", answers.values().stream().map(Answer::text).toArray(String[]::new)));
    List<NewWork> work = new ArrayList<>();
    for (Item item : items) {
      work.add(
          new NewWork(
              id(promptIds, key(item)),
              item.answers().stream().map(text -> id(responseIds, key(item, text))).toList()));
    }
    return work;
  }

  private static Map<String, Long> ids(JdbcClient.StatementSpec statement) {
    Map<String, Long> ids = new HashMap<>();
    statement.query(row -> {
      ids.put(row.getString("key"), row.getLong("id"));
    });
    return ids;
  }

  private static long id(Map<String, Long> ids, String key) {
    Long id = ids.get(key);
    if (id == null) {
      throw new IllegalStateException("nothing has the key " + key);
    }
    return id;
  }

  private static String key(Item item) {
    return IMPORTED + hash(item.prompt());
  }

  private static String key(Item item, String answer) {
    return key(item) + "/" + hash(answer);
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)))
          .substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
