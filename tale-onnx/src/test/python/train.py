"""Trains nano-llama on generated rows and keeps the training log.

Sequences hold one to four answered rows of one task. The loss is on the answers; the blank line and
the end of text after them count a little, so that generation knows where to stop. Tasks that score
low are drawn more often. Everything is seeded; the number of steps is fixed, not the time.

Matching (which key is the one asked for, which item equals the wanted one) needs two things learned at
once, and answers alone gave no sign of it in a thousand steps. Hints break that: a throw-away linear
head on a middle layer must name, at each value, the key before it; at the end of a question, the key
asked for; at each item of a count, whether it is the wanted one. The head is not part of the model.

Each core is a process of its own with half of every batch: one exchange of gradients a step suffers
far less from other work on the machine than threads that wait for each other at every operation.
"""

import argparse
import math
import os
import pathlib
import random
import time

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from transformers import AutoTokenizer, LlamaForCausalLM

import boolean_expressions
import nano_model
import tasks

STOP_WEIGHT = 0.05
GROUPS = 2
HINT_LAYER = 3
HINT_WEIGHT = 0.5
NO_HINT = -1
ROWS_PER_SEQUENCE = (1, 1, 1, 2, 3, 4)
EVALUATION_SEED = 987_654_321
UNTRAINED_DEPTHS = (4, 5, 6)


class Log:
    """Prints lines and keeps them; only the first process does."""

    def __init__(self, path, rank):
        self.file = open(path, "a", encoding="utf-8", newline="\n") if rank == 0 else None

    def __call__(self, line):
        if self.file is None:
            return
        print(line, flush=True)
        self.file.write(line + "\n")
        self.file.flush()


def segments(rng, task):
    """One training sequence as (text, loss weight of its tokens)."""
    n = rng.choice(ROWS_PER_SEQUENCE)
    if task == "lookup":
        if rng.random() < 0.5:
            return follow_ups(rng, rng.randint(3, 5))
        rows = [tasks.lookup_row(rng, rng.randint(2, 4)) for _ in range(n)]
    else:
        rows = [tasks.row(rng, task) for _ in range(n)]
    return [part for x, y in rows for part in ((tasks.prompt(x), 0.0), (f" {y}", 1.0), ("\n\n", STOP_WEIGHT))]


def follow_ups(rng, n):
    """One dictionary, many questions: looking a key up is learned late, from as many answers a token
    as can be had."""
    known = tasks.dictionary(rng, rng.randint(2, 4))
    asked = [rng.choice(known) for _ in range(n)]
    texts = [tasks.prompt(tasks.lookup_question(known, asked[0][0]))]
    texts += [f" ; {key} is\nA:" for key, _ in asked[1:]]
    result = [part for text, (_, value) in zip(texts, asked) for part in ((text, 0.0), (f" {value}", 1.0))]
    return result + [("\n\n", STOP_WEIGHT)]


class Encoder:
    """Segments to token ids, with a loss weight and a hint for each token."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.keys = {self.word(" " + key) for key in tasks.KEYS}
        names = {"equals": " =", "is_": " is", "colon": ":", "count": " count", "true": " True", "false": " False"}
        for name, text in names.items():
            setattr(self, name, self.word(text))

    def word(self, text):
        return self.tokenizer(text, add_special_tokens=False)["input_ids"][0]

    def sequences(self, drawn):
        """Encodes many sequences with one call of the tokenizer."""
        texts = [text for sequence in drawn for text, _ in sequence]
        encoded = iter(self.tokenizer(texts, add_special_tokens=False)["input_ids"])
        return [self.join(sequence, encoded) for sequence in drawn]

    def join(self, sequence, encoded):
        ids, weights = [self.tokenizer.bos_token_id], [0.0]
        for _, weight in sequence:
            part = next(encoded)
            ids += part
            weights += [weight] * len(part)
        ids, weights = ids + [self.tokenizer.eos_token_id], weights + [STOP_WEIGHT]
        return ids, weights, self.hints(ids)

    def hints(self, ids):
        """What the hint head must name at each token, or NO_HINT."""
        result, wanted, first_item = [NO_HINT] * len(ids), None, 0
        for i, token in enumerate(ids):
            if token == self.count:  # count of WANTED in ITEM ITEM ... is
                wanted, first_item = ids[i + 2], i + 4
            elif token == self.is_:
                wanted = None
            elif wanted is not None and i >= first_item:
                result[i] = self.true if token == wanted else self.false
            elif i > 3 and ids[i - 1] == self.equals:
                result[i] = ids[i - 2]
            elif i > 3 and token == self.colon and ids[i - 3] == self.is_ and ids[i - 4] in self.keys:
                result[i] = ids[i - 4]
        return result


def batches(encoder, rng, mix, token_budget):
    """Batches of mixed tasks, each cut into groups of similar length so that little is padded."""
    while True:
        names, weights = zip(*mix.items())
        drawn = [segments(rng, rng.choices(names, weights)[0]) for _ in range(512)]
        batch, tokens = [], 0
        for sequence in encoder.sequences(drawn):
            batch.append(sequence)
            tokens += len(sequence[0])
            if tokens >= token_budget:
                yield groups(batch, token_budget / GROUPS)
                batch, tokens = [], 0


def groups(batch, tokens_each):
    """Cuts a batch, sorted by length, after about every `tokens_each` tokens."""
    result, filled = [[]], 0
    for sequence in sorted(batch, key=lambda s: len(s[0])):
        if filled >= tokens_each:
            result.append([])
            filled = 0
        result[-1].append(sequence)
        filled += len(sequence[0])
    return result


class Network(torch.nn.Module):
    """The decoder without its head; gives the middle state as well, normalized, for the hints."""

    def __init__(self, decoder):
        super().__init__()
        self.decoder = decoder

    def forward(self, ids):
        decoder, positions = self.decoder, torch.arange(ids.shape[1])[None]
        hidden = decoder.embed_tokens(ids)
        rotary = decoder.rotary_emb(hidden, positions)
        for index, layer in enumerate(decoder.layers):
            # No attention mask: padding is on the right and attention is causal without one.
            hidden = layer(hidden, attention_mask=None, position_ids=positions, position_embeddings=rotary)
            if index == HINT_LAYER:
                middle = hidden * torch.rsqrt(hidden.pow(2).mean(-1, keepdim=True) + 1e-5)
        return decoder.norm(hidden), middle


def backward(network, head, hint_head, batch, pad):
    """Accumulates the gradients of one batch; returns its mean loss on answers and on hints."""
    answer_total = sum(sum(weights) for group in batch for _, weights, _ in group)
    hint_total = max(1, sum(h != NO_HINT for group in batch for _, _, hints in group for h in hints))
    means = torch.zeros(2)
    for group in batch:
        answers, hints = losses_of(network, head, hint_head, group, pad)
        answers, hints = answers / answer_total, hints / hint_total
        (answers + HINT_WEIGHT * hints).backward()
        means += torch.stack((answers.detach(), hints.detach()))
    return means


def losses_of(network, head, hint_head, group, pad):
    """Summed, weighted cross-entropies; the heads run only where something is to be predicted."""
    width = math.ceil(max(len(ids) for ids, _, _ in group) / 4) * 4
    ids = filled([ids for ids, _, _ in group], width, pad)
    weights = filled([weights for _, weights, _ in group], width, 0.0)[:, 1:]
    hints = filled([hints for _, _, hints in group], width, NO_HINT)
    hidden, middle = network(ids)
    chosen, hinted = weights > 0, hints != NO_HINT
    cross_entropy = torch.nn.functional.cross_entropy
    answers = cross_entropy(head(hidden[:, :-1][chosen]), ids[:, 1:][chosen], reduction="none")
    return ((answers * weights[chosen]).sum(),
            cross_entropy(hint_head(middle[hinted]), hints[hinted], reduction="sum"))


def filled(lists, width, value):
    return torch.tensor([entries + [value] * (width - len(entries)) for entries in lists])


def schedule(step, steps, warmup):
    """Linear warm-up, then a cosine down to nothing; a factor of the peak learning rates."""
    if step < warmup:
        return (step + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


class Optimizer:
    """Muon for the matrices inside the layers (about twice as fast as AdamW here), AdamW for the
    embedding, the head and the norms. Processes share the work of Muon: each updates every n-th
    matrix and sends it to the others."""

    def __init__(self, model, hint_head, matrix_lr, lr):
        self.parameters = [*model.parameters(), *hint_head.parameters()]
        self.peaks, world = (matrix_lr, lr), dist.get_world_size()
        inside = [p for name, p in model.named_parameters() if "layers" in name and p.dim() == 2]
        chosen = {id(p) for p in inside}
        others = [p for p in self.parameters if id(p) not in chosen]
        self.shares = [inside[rank::world] for rank in range(world)]
        self.optimizers = (
            torch.optim.Muon(self.shares[dist.get_rank()], momentum=0.95, weight_decay=0.01),
            torch.optim.AdamW(others, betas=(0.9, 0.98), weight_decay=0.0))

    def step(self, factor):
        """Averages the gradients over the processes and updates; factor scales the learning rates."""
        gradients = [p.grad for p in self.parameters]
        exchange(gradients, lambda flat: dist.all_reduce(flat.div_(dist.get_world_size())))
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        for optimizer, peak in zip(self.optimizers, self.peaks):
            for group in optimizer.param_groups:
                group["lr"] = peak * factor
            optimizer.step()
        for rank, share in enumerate(self.shares):
            exchange([p.data for p in share], lambda flat: dist.broadcast(flat, rank))
        for parameter in self.parameters:
            parameter.grad = None


def exchange(tensors, operation):
    """One message for many tensors."""
    flat = torch._utils._flatten_dense_tensors(tensors)
    operation(flat)
    for tensor, value in zip(tensors, torch._utils._unflatten_dense_tensors(flat, tensors)):
        tensor.copy_(value)


def accuracies(model, tokenizer, n, seed):
    """Zero-shot greedy accuracy on n fresh rows of every task; the processes share the tasks."""
    mine = {}
    for task in tasks.TASKS[dist.get_rank()::dist.get_world_size()]:
        rng = random.Random(f"{seed} {task}")
        rows = [tasks.row(rng, task) for _ in range(n)]
        mine[task] = nano_model.greedy_accuracy(
            model, tokenizer, [tasks.prompt(x) for x, _ in rows], [y for _, y in rows])
    parts = [None] * dist.get_world_size()
    dist.all_gather_object(parts, mine)
    return {task: score for task in tasks.TASKS for part in parts for t, score in part.items() if t == task}


def adapt(mix, scores):
    """Weak tasks are drawn more often; boolean expressions are the widest task and keep a floor."""
    for task, score in scores.items():
        mix[task] = 0.04 + (0.15 if task == "boolean" else 0.0) + 0.5 * (1 - score)


def first_mix():
    """More of what takes longest."""
    return {"boolean": 0.25, "modular": 0.20, "lookup": 0.20, "max": 0.05, "min": 0.05,
            "first": 0.04, "last": 0.04, "count": 0.17}


def show(scores):
    return " ".join(f"{name} {score:.3f}" for name, score in scores.items())


def train(model, tokenizer, args, log):
    """The training loop: fixed steps, regular evaluation, a checkpoint at each evaluation."""
    rng, mix = random.Random(f"{args.seed} {dist.get_rank()}"), first_mix()
    stream = batches(Encoder(tokenizer), rng, mix, args.tokens / dist.get_world_size())
    network, hint_head = Network(model.model), torch.nn.Linear(model.config.hidden_size, len(tokenizer), bias=False)
    optimizer = Optimizer(model, hint_head, args.matrix_lr, args.lr)
    if args.compile:
        network = torch.compile(network, dynamic=True)
    begun, running = time.time(), torch.zeros(2)
    for step in range(args.steps):
        running += backward(network, model.lm_head, hint_head, next(stream), tokenizer.pad_token_id)
        optimizer.step(schedule(step, args.steps, args.warmup))
        if (step + 1) % args.every == 0:
            scores = accuracies(model, tokenizer, 200, seed=step)
            if step + 1 >= args.focus:
                adapt(mix, scores)
            answers, hints = (running / args.every).tolist()
            log(f"step {step + 1} seconds {time.time() - begun:.0f} loss {answers:.4f} hints {hints:.4f} {show(scores)}")
            running.zero_()
            if dist.get_rank() == 0:
                model.save_pretrained(args.work / "checkpoint")


def final_report(model, tokenizer, log):
    """Accuracy on fresh rows: every task as trained, and boolean expressions deeper than trained."""
    scores = accuracies(model, tokenizer, 2000, EVALUATION_SEED)
    for task, score in scores.items():
        log(f"final {task} {score:.4f} (2000 rows)")
    for depth in tasks.TRAINED_DEPTHS[2:] + UNTRAINED_DEPTHS:
        # Depth 2 has too few distinct expressions for a large balanced set.
        rows = boolean_expressions.rows(depth, 1000 if depth > 2 else 200, EVALUATION_SEED)
        score = nano_model.greedy_accuracy(
            model, tokenizer, [tasks.prompt(r["input"]) for r in rows], [r["target"] for r in rows])
        log(f"final boolean depth {depth} {score:.4f} ({len(rows)} rows)")
    return min(scores.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True, help="checkpoints and the log")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--matrix-lr", type=float, default=0.02, help="peak, matrices inside the layers")
    parser.add_argument("--lr", type=float, default=2e-3, help="peak, everything else")
    parser.add_argument("--warmup", type=int, default=50)
    parser.add_argument("--focus", type=int, default=300, help="steps with the first mix")
    parser.add_argument("--tokens", type=int, default=2048, help="tokens in a batch")
    parser.add_argument("--every", type=int, default=100, help="steps between evaluations")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--init", help="go on from this model directory")
    parser.add_argument("--compile", action="store_true", help="torch.compile; needs a C++ compiler")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    mp.spawn(process, args=(args,), nprocs=args.processes)


def process(rank, args):
    """One of the training processes; the first one writes."""
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)  # the same hint head in every process
    rendezvous = args.work / f"rendezvous-{os.getppid()}"
    dist.init_process_group("gloo", init_method=f"file://{rendezvous.resolve()}", rank=rank, world_size=args.processes)
    log = Log(args.work / "training.log", rank)
    tokenizer = AutoTokenizer.from_pretrained(args.tokenizer)
    model = LlamaForCausalLM.from_pretrained(args.init) if args.init else nano_model.untrained(tokenizer, args.seed)
    log(f"parameters {sum(p.numel() for p in model.parameters())} vocabulary {len(tokenizer)} steps {args.steps} "
        f"matrix lr {args.matrix_lr} lr {args.lr} warmup {args.warmup} focus {args.focus} tokens {args.tokens} "
        f"seed {args.seed} processes {args.processes} continued {bool(args.init)}")
    train(model, tokenizer, args, log)
    if rank == 0:
        model.save_pretrained(args.work / "model")
        tokenizer.save_pretrained(args.work / "model", save_jinja_files=False)
    log(f"lowest task accuracy {final_report(model, tokenizer, log):.4f}")
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
