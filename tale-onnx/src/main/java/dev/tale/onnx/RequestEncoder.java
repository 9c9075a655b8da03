package dev.tale.onnx;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.Batch;
import dev.tale.model.PlannedWork;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.onnx.session.SessionPlan;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.runtime.RunCounter;
import dev.tale.onnx.text.ChatTemplate;
import dev.tale.onnx.text.Continuation;
import dev.tale.onnx.text.PromptEncoder;
import dev.tale.onnx.text.UnencodableTextException;
import java.util.Optional;

/**
 * Requests to tokens that the model has, within the context. A search asks the same requests again
 * under every mask: what was encoded is kept, up to a bound.
 */
final class RequestEncoder extends Tokenization<TokenRequest> {
  /** 8 bytes each: at most 32 MiB. */
  static final long KEPT_TOKENS = 1 << 22;

  private final PromptEncoder encoder;
  private final Optional<ChatTemplate> template;
  private final RequestLimits limits;
  private final Cache<Request, TokenRequest> kept =
      CacheBuilder.newBuilder()
          .maximumWeight(KEPT_TOKENS)
          .weigher((Request request, TokenRequest tokens) -> tokens.input().length())
          .build();

  RequestEncoder(
      PromptEncoder encoder,
      Optional<ChatTemplate> template,
      RequestLimits limits,
      RunCounter counter) {
    super(counter);
    this.encoder = encoder;
    this.template = template;
    this.limits = limits;
  }

  @Override
  PlannedWork cost(Batch batch, SessionPlan plan) {
    return plan.cost(encode(batch.requests()), batch.masks());
  }

  @Override
  TokenRequest encode(Request request, int position) {
    TokenRequest known = kept.getIfPresent(request);
    if (known != null) {
      return known;
    }
    TokenRequest encoded = encodeAnew(request, position);
    kept.put(request, encoded);
    return encoded;
  }

  private TokenRequest encodeAnew(Request request, int position) {
    if (request instanceof Request.Similarity) {
      throw new UnanswerableRequestException(
          position,
          "a decoder has no embeddings to compare; open an encoder, or ask for log-likelihoods");
    }
    try {
      return request instanceof Request.Generation generation
          ? generation(generation, position)
          : likelihood((Request.LogLikelihood) request, position);
    } catch (UnencodableTextException e) {
      throw new UnanswerableRequestException(position, String.valueOf(e.getMessage()));
    }
  }

  private TokenRequest likelihood(Request.LogLikelihood request, int position) {
    String prompt = text(request.prompt(), position);
    limits.checkCharacters(position, (long) prompt.length() + request.continuation().length());
    Continuation both = encoder.encode(prompt, request.continuation());
    int continuation = both.tokens().length() - both.from();
    checkLength(position, both.from(), continuation, "tokens of continuation; shorten the prompt");
    limits.checkTokens(position, both.tokens(), both.from(), encoder::text);
    return new TokenRequest.Score(both.tokens(), both.from());
  }

  private TokenRequest generation(Request.Generation request, int position) {
    String text = text(request.prompt(), position);
    limits.checkCharacters(position, text.length());
    ImmutableLongArray prompt = encoder.encode(text);
    String remedy = "new tokens; shorten the prompt or lower maxNewTokens";
    checkLength(position, prompt.length(), request.maxNewTokens(), remedy);
    limits.checkTokens(position, prompt, prompt.length(), encoder::text);
    return new TokenRequest.Generate(prompt, request.stops(), request.maxNewTokens());
  }

  private String text(Prompt prompt, int position) {
    if (prompt instanceof Prompt.Chat chat) {
      ChatTemplate known = template.orElseThrow(() -> noTemplate(position));
      return known.render(chat.messages(), chat.answerStart());
    }
    return ((Prompt.Text) prompt).text();
  }

  private static UnanswerableRequestException noTemplate(int position) {
    return new UnanswerableRequestException(
        position,
        "the prompt is a conversation, but the model has no chat template; ask with text, or put"
            + " its chat_template.jinja or tokenizer_config.json beside its tokenizer.json");
  }

  private void checkLength(int position, int prompt, int more, String remedy) {
    if ((long) prompt + more > limits.contextLength()) {
      throw new UnanswerableRequestException(
          position,
          "the context of "
              + limits.contextLength()
              + " tokens cannot hold "
              + prompt
              + " tokens of prompt and "
              + more
              + " "
              + remedy);
    }
  }
}
