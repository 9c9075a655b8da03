package dev.tale.model;

import java.io.Serializable;
import java.util.Objects;

/**
 * One turn of a conversation.
 *
 * @param role who speaks, as the model's chat template calls it, not blank
 * @param content what is said, as it is; may be empty
 */
public record Message(String role, String content) implements Serializable {
  private static final String USER = "user";

  /**
   * Checks the role.
   *
   * @throws NullPointerException if something is null; the message names it
   * @throws IllegalArgumentException if the role is blank
   */
  public Message {
    Objects.requireNonNull(role, "The role of a message is null; give one of the template's");
    Objects.requireNonNull(
        content, () -> "The content of a message of role " + role + " is null; give a text");
    if (role.isBlank()) {
      throw new IllegalArgumentException(
          "The role of the message \""
              + content
              + "\" is blank; give system, user, assistant or another role of the template");
    }
  }

  /** The instructions before the conversation. */
  public static Message system(String content) {
    return new Message("system", content);
  }

  /** The user's question. */
  public static Message user(String content) {
    return new Message(USER, content);
  }

  /** The model's answer, given or wanted. */
  public static Message assistant(String content) {
    return new Message("assistant", content);
  }

  boolean isUser() {
    return role.equals(USER);
  }
}
