# What ask.zsh makes its second zsh do: whatever is offered goes into the file $OFFERS, too.
PROMPT=
fpath=($SCRIPTS $fpath)
autoload -U compinit
compinit -u -D
zstyle ':completion:*' insert-tab false
bindkey '^I' complete-word

# All offers go through this builtin; with -O, -A or -D it only computes.
compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-[OAD]\ * ]]; then
        builtin compadd "$@"
        return
    fi
    local -a offered_now
    builtin compadd -A offered_now "$@"
    print -rl -- $offered_now >>$OFFERS
    builtin compadd "$@"
}
comppostfuncs=(exit)
# In two parts, so that the echo of what was typed is not taken for it.
print "zsh is" ready
