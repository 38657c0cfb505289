package casework

import (
	"fmt"
	"slices"
)

// State is where a case stands. Its Chinese name belongs to the capability.
type State string

// Move is a change of state that a machine allows.
type Move struct {
	Name string
	From []State
	To   State
}

// Machine is the states and moves of one kind of case.
type Machine struct {
	Kind  string
	Start State
	Moves []Move
}

// End tells whether no move leads on from a state.
func (m *Machine) End(s State) bool {
	return !slices.ContainsFunc(m.Moves, func(v Move) bool { return slices.Contains(v.From, s) })
}

// Next is the state after a move; ok is false when the machine does not allow it.
func (m *Machine) Next(s State, move string) (to State, ok bool) {
	for _, v := range m.Moves {
		if v.Name == move && slices.Contains(v.From, s) {
			return v.To, true
		}
	}
	return "", false
}

// States lists the states, the start first, in the order of the moves.
func (m *Machine) States() []State {
	all := []State{m.Start}
	for _, v := range m.Moves {
		for _, s := range append(slices.Clone(v.From), v.To) {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// Check tells what is wrong with the machine: a state that cannot be reached, a state from which no end
// can be reached, a move that leads from one state to two.
func (m *Machine) Check() error {
	seen := map[string]bool{}
	for _, v := range m.Moves {
		for _, s := range v.From {
			if at := v.Name + " " + string(s); seen[at] {
				return fmt.Errorf("casework: %s: move %s leads from %s to two states", m.Kind, v.Name, s)
			} else {
				seen[at] = true
			}
		}
	}
	reached := m.reach(m.Start)
	for _, s := range m.States() {
		if !slices.Contains(reached, s) {
			return fmt.Errorf("casework: %s: state %s cannot be reached", m.Kind, s)
		}
		if !slices.ContainsFunc(m.reach(s), m.End) {
			return fmt.Errorf("casework: %s: from state %s there is no end", m.Kind, s)
		}
	}
	return nil
}

// reach lists the states that can be reached from one, itself among them.
func (m *Machine) reach(from State) []State {
	all := []State{from}
	for i := 0; i < len(all); i++ {
		for _, v := range m.Moves {
			if slices.Contains(v.From, all[i]) && !slices.Contains(all, v.To) {
				all = append(all, v.To)
			}
		}
	}
	return all
}
