package org.alignmentworkbench.db.webhook;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Webhooks and what is sent to them. Events themselves are made by the database's triggers.
public final class WebhookRepository {
  private static final String INSERT =
      """
      insert into webhook (project_id, url, secret, events, created_by, created_at)
      values (:projectId, :url, :secret, :events, :personId, :now)
      returning id, project_id, url, secret, events, created_at
      """;
  private static final String OF_PROJECT =
      """
      select id, project_id, url, secret, events, created_at
      from webhook
      where project_id = :projectId
        and removed_at is null
      order by id
      """;
  private static final String FIND =
      """
      select id, project_id, url, secret, events, created_at
      from webhook
      where id = :id
        and removed_at is null
      """;
  private static final String REMOVE =
      """
      with removed as (
        update webhook
        set removed_at = :now
        where id = :id
          and project_id = :projectId
          and removed_at is null
        returning id
      ), given_up as (
        update webhook_delivery
        set state = 'GIVEN_UP'
        from removed
        where webhook_delivery.webhook_id = removed.id
          and webhook_delivery.state = 'WAITING'
      )
      select count(*) as removed
      from removed
      """;
  private static final String PING =
      """
      insert into webhook_delivery (webhook_id, event, body, at, next_at)
      select w.id, 'ping',
        jsonb_build_object('event', 'ping', 'at', cast(:now as timestamptz),
          'project', jsonb_build_object('id', p.id, 'name', p.name)),
        :now, :now
      from webhook w
      join project p on p.id = w.project_id
      where w.id = :id
        and w.project_id = :projectId
        and w.removed_at is null
      """;
  private static final String REPLAY =
      """
      insert into webhook_delivery (webhook_id, event, body, at, next_at, replay_of)
      select d.webhook_id, d.event, d.body, :now, :now, d.id
      from webhook_delivery d
      join webhook w on w.id = d.webhook_id
      where d.id = :id
        and w.project_id = :projectId
        and w.removed_at is null
      """;
  private static final String DELIVERIES =
      """
      select d.id, d.webhook_id, w.url, d.event, d.body, d.at, d.state, d.attempts, d.next_at,
        d.replay_of, a.status, a.fault, a.answer
      from webhook_delivery d
      join webhook w on w.id = d.webhook_id
      left join webhook_attempt a on a.delivery_id = d.id and a.number = d.attempts
      where w.project_id = :projectId
        and d.id < :before
      order by d.id desc
      limit :limit
      """;
  // Taking one moves its next attempt on, so that it is tried again if its sender dies; another
  // sender's is stepped over.
  private static final String TAKE =
      """
      update webhook_delivery
      set attempts = attempts + 1,
          next_at = :retryAt
      from webhook w
      where webhook_delivery.id = (
          select id
          from webhook_delivery
          where state = 'WAITING'
            and next_at <= :now
          order by next_at, id
          limit 1
          for update skip locked)
        and w.id = webhook_delivery.webhook_id
      returning webhook_delivery.id, webhook_delivery.webhook_id, w.url, webhook_delivery.event,
        webhook_delivery.body, webhook_delivery.at, webhook_delivery.state,
        webhook_delivery.attempts, webhook_delivery.next_at, webhook_delivery.replay_of,
        null::int as status, null as fault, null as answer
      """;
  private static final String END =
      """
      with noted as (
        insert into webhook_attempt (delivery_id, number, at, millis, status, fault, answer)
        values (:id, :number, :at, :millis, :status, :fault, :answer)
        on conflict (delivery_id, number) do nothing
      )
      update webhook_delivery
      set state = :state,
          next_at = :nextAt
      where id = :id
        and state = 'WAITING'
      """;

  private final JdbcClient jdbc;

  public WebhookRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  public Webhook create(
      long projectId, String url, String secret, List<String> events, long personId, Instant now) {
    return jdbc.sql(INSERT)
        .param("projectId", projectId)
        .param("url", url)
        .param("secret", secret)
        .param("events", events.toArray(String[]::new))
        .param("personId", personId)
        .param("now", Columns.time(now))
        .query(WebhookRepository::webhook)
        .single();
  }

  public List<Webhook> ofProject(long projectId) {
    return jdbc.sql(OF_PROJECT)
        .param("projectId", projectId)
        .query(WebhookRepository::webhook)
        .list();
  }

  public Optional<Webhook> find(long id) {
    return jdbc.sql(FIND).param("id", id).query(WebhookRepository::webhook).optional();
  }

  /// Sends nothing there any more; what waits is given up. False when the project has none of that
  /// number.
  public boolean remove(long projectId, long id, Instant now) {
    return jdbc.sql(REMOVE)
            .param("id", id)
            .param("projectId", projectId)
            .param("now", Columns.time(now))
            .query((row, _) -> row.getLong("removed"))
            .single()
        == 1;
  }

  /// An event made by hand. False when the project has no such webhook.
  public boolean ping(long projectId, long id, Instant now) {
    return jdbc.sql(PING)
            .param("id", id)
            .param("projectId", projectId)
            .param("now", Columns.time(now))
            .update()
        == 1;
  }

  /// Sends an event once more, as a delivery of its own. False when the project has no such
  /// delivery, or its webhook is removed.
  public boolean replay(long projectId, long deliveryId, Instant now) {
    return jdbc.sql(REPLAY)
            .param("id", deliveryId)
            .param("projectId", projectId)
            .param("now", Columns.time(now))
            .update()
        == 1;
  }

  /// Newest first.
  public List<Delivery> deliveries(long projectId, long before, int limit) {
    return jdbc.sql(DELIVERIES)
        .param("projectId", projectId)
        .param("before", before)
        .param("limit", limit)
        .query(WebhookRepository::delivery)
        .list();
  }

  /// Takes the next delivery that is due.
  ///
  /// @param retryAt when it is due again unless [#end] says otherwise
  public Optional<Delivery> take(Instant now, Instant retryAt) {
    return jdbc.sql(TAKE)
        .param("now", Columns.time(now))
        .param("retryAt", Columns.time(retryAt))
        .query(WebhookRepository::delivery)
        .optional();
  }

  /// What came of an attempt.
  ///
  /// @param status of the answer; null when there was none
  /// @param fault why there was none
  /// @param answer the beginning of what came back
  public record Attempt(
      Instant at, Duration took, @Nullable Integer status, @Nullable String fault, String answer) {}

  /// Notes an attempt, and how it goes on.
  public void end(Delivery delivery, Attempt attempt, Delivery.State state, Instant nextAt) {
    jdbc.sql(END)
        .param("id", delivery.id())
        .param("number", delivery.attempts())
        .param("at", Columns.time(attempt.at()))
        .param("millis", attempt.took().toMillis())
        .param("status", attempt.status())
        .param("fault", attempt.fault())
        .param("answer", attempt.answer())
        .param("state", state.name())
        .param("nextAt", Columns.time(nextAt))
        .update();
  }

  private static Webhook webhook(ResultSet row, int number) throws SQLException {
    return new Webhook(
        row.getLong("id"),
        row.getLong("project_id"),
        row.getString("url"),
        row.getString("secret"),
        List.of((String[]) row.getArray("events").getArray()),
        Columns.instant(row, "created_at"));
  }

  private static Delivery delivery(ResultSet row, int number) throws SQLException {
    return new Delivery(
        row.getLong("id"),
        row.getLong("webhook_id"),
        row.getString("url"),
        row.getString("event"),
        row.getString("body"),
        Columns.instant(row, "at"),
        Delivery.State.valueOf(row.getString("state")),
        row.getInt("attempts"),
        Columns.instant(row, "next_at"),
        Columns.longOrNull(row, "replay_of"),
        Columns.intOrNull(row, "status"),
        row.getString("fault"),
        row.getString("answer"));
  }
}
