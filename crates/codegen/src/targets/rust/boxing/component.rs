//! The strongly connected components of a graph (Kosaraju and Sharir), without recursion: a catalog may be deep.

/// For each node the number of its component. Two nodes share one when each is reached from the other.
pub(super) fn components(nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let onward = neighbours(nodes, edges.iter().copied());
    let back = neighbours(nodes, edges.iter().map(|&(from, to)| (to, from)));
    let mut component = vec![usize::MAX; nodes];
    let mut count = 0;
    for node in finished_order(&onward).into_iter().rev() {
        if component[node] != usize::MAX {
            continue;
        }
        let mut waiting = vec![node];
        component[node] = count;
        while let Some(node) = waiting.pop() {
            for &next in &back[node] {
                if component[next] == usize::MAX {
                    component[next] = count;
                    waiting.push(next);
                }
            }
        }
        count += 1;
    }
    component
}

/// Every node after all that it leads to, but for cycles.
fn finished_order(onward: &[Vec<usize>]) -> Vec<usize> {
    let mut seen = vec![false; onward.len()];
    let mut order = Vec::with_capacity(onward.len());
    for start in 0..onward.len() {
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        let mut path = vec![(start, 0)];
        while let Some((node, next)) = path.pop() {
            match onward[node].get(next) {
                Some(&child) => {
                    path.push((node, next + 1));
                    if !std::mem::replace(&mut seen[child], true) {
                        path.push((child, 0));
                    }
                }
                None => order.push(node),
            }
        }
    }
    order
}

/// Invariant: every edge names nodes below `nodes`.
fn neighbours(nodes: usize, edges: impl Iterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let mut neighbours = vec![Vec::new(); nodes];
    for (from, to) in edges {
        neighbours[from].push(to);
    }
    neighbours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_is_one_component() {
        let component = components(6, &[(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (5, 5)]);
        assert!(component[0] == component[1] && component[1] == component[2]);
        assert!(component[3] != component[2] && component[3] != component[4] && component[5] != component[4]);
    }
}
