package dev.tale.onnx.session.decode;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.Response.Stop;
import dev.tale.onnx.session.batch.TokenRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One generation under way. */
public final class Draft {
  private final TokenRequest.Generate request;
  private final List<Long> tokens = new ArrayList<>();
  private @Nullable Stop stop;
  private @Nullable Pieces pieces;

  public Draft(TokenRequest.Generate request) {
    this.request = request;
  }

  TokenRequest.Generate request() {
    return request;
  }

  /** The generated tokens, without the one that ended them. */
  ImmutableLongArray tokens() {
    return ImmutableLongArray.copyOf(tokens);
  }

  /** The input for the next token. */
  public ImmutableLongArray input() {
    return ImmutableLongArray.builder().addAll(request.input()).addAll(tokens).build();
  }

  /** Returns the number of tokens so far, with those of the prompt. */
  int length() {
    return request.input().length() + tokens.size();
  }

  /** Returns the last token so far, of the prompt if nothing was generated. */
  long last() {
    return tokens.isEmpty()
        ? request.input().get(request.input().length() - 1)
        : tokens.get(tokens.size() - 1);
  }

  void add(long token) {
    tokens.add(token);
  }

  /** The part of the text that a listener was told. */
  Pieces pieces(Consumer<String> listener) {
    Pieces told = pieces == null ? new Pieces(listener) : pieces;
    pieces = told;
    return told;
  }

  void stop(Stop reason) {
    stop = reason;
  }

  boolean isFull() {
    return tokens.size() == request.maxNewTokens();
  }

  public boolean isOpen() {
    return stop == null;
  }

  /** The end of the generation. */
  Stop stop() {
    if (stop == null) {
      throw new IllegalStateException("The generation goes on");
    }
    return stop;
  }
}
