package dev.tale.onnx;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.HiddenStates;
import dev.tale.model.LayerMask;
import dev.tale.model.PlannedWork;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.OutputComparison;
import dev.tale.onnx.session.PlainSession;
import dev.tale.onnx.session.Replies;
import dev.tale.onnx.session.Responder;
import dev.tale.onnx.session.StateReader;
import dev.tale.onnx.session.TokenRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Log-likelihoods and generations. */
record DecoderAnswers(RequestEncoder encoder, GatedSession session, Responder responder)
    implements Answers {

  @Override
  public void check(List<Request> requests) {
    encode(requests);
  }

  @Override
  public Answer answer(Batch batch) {
    Replies replies = responder.answer(encode(batch.requests()), batch.masks());
    return Answer.of(batch, replies.responses(), replies.cost());
  }

  @Override
  public List<List<Response>> respondScaled(
      List<Request> requests, List<ImmutableDoubleArray> gates) {
    return responder.respondScaled(scores(requests), gates);
  }

  private List<TokenRequest.Score> scores(List<Request> requests) {
    List<TokenRequest.Score> scores = new ArrayList<>();
    for (TokenRequest request : encode(requests)) {
      if (!(request instanceof TokenRequest.Score score)) {
        throw new UnanswerableRequestException(
            scores.size(),
            "nothing is generated while layers are scaled, for the caches go on in layers that add"
                + " all or nothing; ask for log-likelihoods");
      }
      scores.add(score);
    }
    return scores;
  }

  @Override
  public Optional<HiddenStates> hiddenStates() {
    return Optional.of(new DecoderStates(this, new StateReader(session)));
  }

  @Override
  public PlannedWork cost(Batch batch) {
    return session.plan().cost(encode(batch.requests()), batch.masks());
  }

  @Override
  public List<ImmutableLongArray> prompts(List<Request> requests) {
    return Responder.sequences(encode(requests));
  }

  @Override
  public OutputComparison compare(List<Request> requests, LayerMask mask, PlainSession written) {
    return OutputComparison.ofLogits(encode(requests), session, mask, written);
  }

  List<TokenRequest> encode(List<Request> requests) {
    long start = System.nanoTime();
    try {
      return encoder.encode(requests);
    } finally {
      session.encoded(System.nanoTime() - start);
    }
  }
}
