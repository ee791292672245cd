"""The cheapest change by CP-SAT and by HiGHS: an independent statement of the problem, in the spirit of OCEAN
(Parmentier & Vidal 2021, "Optimal Counterfactual Explanations in Tree Ensembles").

Binary "candidate of v is after k" for every variable, a leaf for every tree, costs as steps between candidates.
Usage: python peer.py SECONDS PROBLEM.json ...   of processor; problems as export.ts writes them; one thread; ends with 1 where proved answers differ.
"""
import json
import math
import resource
import sys


def implications(p):
    """Pairs (a, b): a implies b; literals are (v, k, after?)"""
    out = []
    V = p["variables"]
    for v in range(1, len(V)):
        m, base, n = V[v]["months"], V[v]["base"], len(V[v]["cost"])
        for k in range(base + 1, n):
            if m[k] > m[k - 1] and m[k] > 0: out.append(((v, k - 1, True), (0, m[k] - 1, True)))
        for k in range(base - 1, -1, -1):
            if m[k] > m[k + 1] and m[k] > 0: out.append(((v, k, False), (0, m[k] - 1, True)))
    for l in p["links"]:
        a, b = l["lower"], l["upper"]
        x, y = V[a]["values"], V[b]["values"]
        if l["kind"] == "order":
            # x >= x[k] implies times y >= x[k]
            times = l.get("times", 1)
            for k in range(len(x)):
                j = next((j for j in range(len(y)) if times * y[j] * (1 + (1e-12 if times != 1 else 0)) >= x[k]), len(y))
                out.append(((a, k - 1, True), (b, j - 1, True)))
        else:
            def zero(vals):
                return vals.index(0) if 0 in vals else None
            for (s, t, xs, ys) in ((a, b, x, y), (b, a, y, x)):
                i, j = zero(xs), zero(ys)
                out.append(("zero", (s, i), (t, j)))
    return out

def cpsat(p, seconds):
    from ortools.sat.python import cp_model
    m = cp_model.CpModel()
    V = p["variables"]
    after = []
    for v in V:
        n = len(v["cost"])
        a = [m.NewBoolVar("") for _ in range(n - 1)]
        for k in range(1, n - 1): m.AddImplication(a[k], a[k - 1])
        after.append(a)
    one = m.NewConstant(1); zero = m.NewConstant(0)
    def lit(v, k, pos):
        if k < 0: return one if pos else zero
        if k >= len(after[v]): return zero if pos else one
        return after[v][k] if pos else after[v][k].Not()
    cache = {}

    def is_at(v, k):
        if k is None: return zero
        key = (v, k)
        if key not in cache:
            b = m.NewBoolVar("")
            m.AddBoolAnd([lit(v, k - 1, True), lit(v, k, False)]).OnlyEnforceIf(b)
            m.AddBoolOr([lit(v, k - 1, False), lit(v, k, True), b])
            cache[key] = b
        return cache[key]
    for imp in implications(p):
        if imp[0] == "zero": m.AddImplication(is_at(*imp[1]), is_at(*imp[2]))
        else: m.AddImplication(lit(*imp[0]), lit(*imp[1]))
    S = 10**9
    total = 0; bound = math.floor(p["target"] * S) + len(p["roots"])  # what is lost by rounding
    for t, root in enumerate(p["roots"]):
        leaves = []
        def walk(node):
            v = p["variable"][node]
            if v < 0:
                b = m.NewBoolVar(""); leaves.append((b, p["value"][node])); return [b]
            L, R = walk(p["left"][node]), walk(p["right"][node])
            c = p["cut"][node]
            if c >= 0:
                for b in L: m.AddImplication(b, lit(v, c, False))
                for b in R: m.AddImplication(b, lit(v, c, True))
            else:
                goes = p["sets"][-1 - c]
                for side, some in ((1, L), (0, R)):
                    there = [is_at(v, k) for k in range(len(goes)) if goes[k] == side]
                    for b in some: m.AddBoolOr(there).OnlyEnforceIf(b)
            return L + R
        walk(root)
        m.AddExactlyOne([b for b, _ in leaves])
        total += sum(b * round(val * S) for b, val in leaves)
    m.Add(total <= bound)
    C = 10**7
    cost = 0; const = 0
    for v, var in enumerate(V):
        c, base = var["cost"], var["base"]
        for k in range(base + 1, len(c)): cost += after[v][k - 1] * round((c[k] - c[k - 1]) * C)
        for k in range(base - 1, -1, -1): cost += (1 - after[v][k]) * round((c[k] - c[k + 1]) * C)
    m.Minimize(cost)
    s = cp_model.CpSolver()
    s.parameters.num_workers = 1
    s.parameters.max_time_in_seconds = seconds
    s.parameters.linearization_level = 2
    st = s.Solve(m)
    name = s.StatusName(st)
    return dict(status=name, cost=s.ObjectiveValue() / C if name in ("OPTIMAL", "FEASIBLE") else None, bound=s.BestObjectiveBound() / C)

def highs(p, seconds):
    import highspy, numpy as np
    h = highspy.Highs(); h.silent()
    V = p["variables"]; inf = highspy.kHighsInf
    nvar = 0; obj = []; const = 0.0; integ = []
    after = []
    for var in V:
        c, base = var["cost"], var["base"]; ids = []
        for k in range(len(c) - 1):
            w = c[k + 1] - c[k]  # below the base it is negative: the constant is the cost of the first
            obj.append(w); integ.append(1); ids.append(nvar); nvar += 1
        const += c[0]
        after.append(ids)
    rows = []
    def term(v, k, pos):
        """coefs, constant of a literal"""
        if k < 0: return ([], 1.0 if pos else 0.0)
        if k >= len(after[v]): return ([], 0.0 if pos else 1.0)
        return ([(after[v][k], 1.0)], 0.0) if pos else ([(after[v][k], -1.0)], 1.0)
    def le(a, b):
        ca, ka = a; cb, kb = b
        rows.append((ca + [(i, -x) for i, x in cb], -inf, kb - ka))
    for v, ids in enumerate(after):
        for k in range(1, len(ids)): rows.append(([(ids[k], 1.0), (ids[k - 1], -1.0)], -inf, 0.0))
    def is_at(v, k):
        if k is None: return ([], 0.0)
        a, b = term(v, k - 1, True), term(v, k, True)
        return (a[0] + [(i, -x) for i, x in b[0]], a[1] - b[1])
    for imp in implications(p):
        if imp[0] == "zero": le(is_at(*imp[1]), is_at(*imp[2]))
        else: le(term(*imp[0]), term(*imp[1]))
    total = []
    for root in p["roots"]:
        mine = []
        by = {}
        def walk(node):
            nonlocal nvar
            v = p["variable"][node]
            if v < 0:
                obj.append(0.0); integ.append(0); i = nvar; nvar += 1
                mine.append(i); total.append((i, p["value"][node])); return [i]
            L, R = walk(p["left"][node]), walk(p["right"][node])
            c = p["cut"][node]
            if c < 0:
                goes = p["sets"][-1 - c]
                for side, some in ((1, L), (0, R)):
                    there, k0 = [], 0.0
                    for k in range(len(goes)):
                        if goes[k] == side:
                            terms, more = is_at(v, k)
                            there += terms
                            k0 += more
                    le(([(i, 1.0) for i in some], 0.0), (there, k0))
                return L + R
            by.setdefault((v, c), ([], []))
            by[(v, c)][0].extend(L); by[(v, c)][1].extend(R)
            return L + R
        walk(root)
        rows.append(([(i, 1.0) for i in mine], 1.0, 1.0))
        for (v, c), (L, R) in by.items():
            le(([(i, 1.0) for i in L], 0.0), term(v, c, False))
            le(([(i, 1.0) for i in R], 0.0), term(v, c, True))
    rows.append((total, -inf, p["target"]))
    lp = highspy.HighsLp()
    lp.num_col_ = nvar; lp.num_row_ = len(rows)
    lp.col_cost_ = np.array(obj); lp.col_lower_ = np.zeros(nvar); lp.col_upper_ = np.ones(nvar); lp.offset_ = const
    lp.row_lower_ = np.array([r[1] for r in rows]); lp.row_upper_ = np.array([r[2] for r in rows])
    start, idx, val = [0], [], []
    for r in rows:
        d = {}
        for i, x in r[0]: d[i] = d.get(i, 0.0) + x
        idx += list(d.keys()); val += list(d.values()); start.append(len(idx))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array(start); lp.a_matrix_.index_ = np.array(idx); lp.a_matrix_.value_ = np.array(val)
    lp.integrality_ = [highspy.HighsVarType.kInteger if x else highspy.HighsVarType.kContinuous for x in integ]
    h.passModel(lp)
    h.setOptionValue("threads", 1); h.setOptionValue("time_limit", float(seconds)); h.setOptionValue("mip_rel_gap", 0.0); h.setOptionValue("mip_abs_gap", 1e-7)
    h.run()
    info = h.getInfo(); st = h.modelStatusToString(h.getModelStatus())
    return dict(status=st, cost=info.objective_function_value, bound=info.mip_dual_bound)


# Solvers stop by the clock; on a busy machine it runs faster than their processor time. What took longer than asked for counts as not proved.
WALL = 8


def measured(how, p, seconds):
    before = resource.getrusage(resource.RUSAGE_SELF)
    r = how(p, WALL * seconds)
    after = resource.getrusage(resource.RUSAGE_SELF)
    r["seconds"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    r["proved"] = r["seconds"] <= seconds and r["status"] in ("OPTIMAL", "INFEASIBLE", "Optimal", "Infeasible")
    if r["status"] in ("INFEASIBLE", "Infeasible") or (r["cost"] is not None and not math.isfinite(r["cost"])):
        r["cost"] = None
    return r


def main():
    seconds, files = float(sys.argv[1]), sys.argv[2:]
    ways = {"CP-SAT": cpsat, "HiGHS": highs}
    totals = {name: [0, 0.0] for name in ("ours", *ways)}
    wrong = 0
    for file in files:
        with open(file) as text:
            p = json.load(text)
        ours = p["ours"]
        totals["ours"][0] += ours["proved"]
        totals["ours"][1] += ours["seconds"]
        line = [f'{p["row"]} (score {p["score"]}): ours {ours["cost"]} proved {ours["proved"]} {ours["seconds"]:.2f} s']
        for name, how in ways.items():
            r = measured(how, p, seconds)
            totals[name][0] += r["proved"]
            totals[name][1] += r["seconds"]
            line.append(f'{name} {r["cost"]} proved {r["proved"]} {r["seconds"]:.2f} s')
            if r["proved"] and ours["proved"]:
                same = r["cost"] is None if ours["cost"] is None else r["cost"] is not None and abs(r["cost"] - ours["cost"]) < 1e-5
                if not same:
                    wrong += 1
                    line.append("DIFFERENT")
        print("; ".join(line), flush=True)
    for name, (proved, cpu) in totals.items():
        print(f"{name}: {proved} of {len(files)} proved, {cpu:.1f} s of processor, {cpu / max(totals['ours'][1], 1e-9):.1f} times ours")
    print(f"{wrong} proved answers differ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
